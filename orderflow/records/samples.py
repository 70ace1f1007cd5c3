"""One invented row for each workbook, from the source document's tables: the example that a blank workbook shows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from orderflow.records.improvement import Improvement
from orderflow.records.registration import Registration
from orderflow.records.rows import Customer, Feedback, Plan, Priority, Product, Progress, RowType

SAMPLES: dict[RowType, object] = {
    Improvement: Improvement(
        number="1",
        problem="质检多次延迟，主要是设备故障",
        measure="备用检测设备，每周保养",
        owner="*主管",
        due=date(2024, 6, 30),
        metric="delivery_cycle",
        status="open",
        raised=date(2024, 6, 5),
    ),
    Registration: Registration(
        number="202405-001",
        customer="*科技公司",
        contact_person="*经理",
        contact="139****5678",
        product="A型设备-2024款",
        quantity=Decimal(5),
        unit="台",
        delivery_date=date(2024, 5, 20),
        source="platform",
        payment="paid",
        remark="需定制LOGO，红色，5cm×3cm",
        received_at=datetime(2024, 5, 10, 8, 30),
        level="vip",
        amount=Decimal(15),
    ),
    Priority: Priority(
        number="202405-001",
        level="vip",
        amount=Decimal(15),
        urgency="high",
        priority="high",
        judged_by="*经理",
        judged_at=datetime(2024, 5, 10, 9, 0),
    ),
    Plan: Plan(
        number="202405-001",
        stage="production",
        owner="*主管",
        start=date(2024, 5, 10),
        due=date(2024, 5, 12),
        milestone=date(2024, 5, 12),
        kind="custom",
    ),
    Progress: Progress(
        number="202405-001",
        stage="inspection",
        owner="*质检员",
        due=date(2024, 5, 13),
        actual=date(2024, 5, 14),
        status="late",
        note="设备故障",
        measure="协调备用设备完成质检",
    ),
    Feedback: Feedback(
        number="202405-001",
        customer="*科技公司",
        acceptance="qualified",
        comment="交付及时，产品符合预期",
        score=5,
        suggestion="希望增加物流实时跟进功能",
        recorded_by="*专员",
        recorded_at=datetime(2024, 5, 16, 14, 0),
    ),
    Customer: Customer(customer="*科技公司", level="vip", contact_person="*经理", contact="139****5678"),
    Product: Product(product="A型设备-2024款", unit="台", price=Decimal(30000), stock=Decimal(20), supply="production"),
}
