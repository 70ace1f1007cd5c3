"""What the desk knows of customers and products, found by their names."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderflow.records.folding import bare, model_key
from orderflow.records.rows import Customer, Product


@dataclass(slots=True)
class References:
    """Customers by name and products by model, both folded for comparing."""

    customers: dict[str, Customer] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    def product(self, name: str | None) -> Product | None:
        """The product of that name or model, if the desk knows it."""
        return self.products.get(model_key(name)) if name is not None and self.products else None

    def level_of(self, customer: str | None) -> str | None:
        """The level that `customers.xlsx` gives a customer."""
        known = self.customers.get(bare(customer)) if customer is not None and self.customers else None
        return known.level if known is not None else None
