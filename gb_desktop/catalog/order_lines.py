"""The fields of an order's line items."""

from __future__ import annotations

from decimal import Decimal

from gb_desktop.catalog.common import ZERO
from gb_desktop.catalog.model import Field, Kind


def _line(name: str, title: str, kind: Kind, meaning: str, *words: str, minimum: Decimal | None = None) -> Field:
    return Field(
        path=f"lineItems.{name}",
        title=title,
        kind=kind,
        meaning=meaning,
        synonyms=words,
        minimum=minimum,
        extended=True,
        line=True,
    )


LINE_FIELDS = (
    _line(
        "productId",
        "Line: product ID",
        Kind.ID,
        "The product's ID",
        "product id",
        "lineitem product id",
        "item id",
        "variant id",
        "رقم المنتج",
        "كود المنتج",
    ),
    _line(
        "quantity",
        "Line: quantity",
        Kind.NUMBER,
        "How many",
        "quantity",
        "qty",
        "lineitem quantity",
        "units",
        "الكمية",
        minimum=ZERO,
    ),
    _line(
        "price",
        "Line: price",
        Kind.NUMBER,
        "Price of one",
        "item price",
        "unit price",
        "lineitem price",
        "line price",
        "سعر الوحدة",
        minimum=ZERO,
    ),
    _line("sku", "Line: SKU", Kind.ID, "The stock-keeping unit", "sku", "lineitem sku", "item sku", "barcode"),
    _line(
        "title",
        "Line: title",
        Kind.TEXT,
        "The product's name",
        "product",
        "product name",
        "product title",
        "lineitem name",
        "item name",
        "item",
        "اسم المنتج",
        "المنتج",
    ),
    _line(
        "vendor", "Line: vendor", Kind.TEXT, "The product's vendor", "vendor", "brand", "supplier", "lineitem vendor"
    ),
    _line("weight", "Line: weight", Kind.NUMBER, "Weight of one", "weight", "item weight", minimum=ZERO),
    _line("taxes", "Line: taxes", Kind.NUMBER, "Taxes of the line", "line tax", "line taxes", "item tax", minimum=ZERO),
    _line(
        "discount",
        "Line: discount",
        Kind.NUMBER,
        "Discount of the line",
        "line discount",
        "lineitem discount",
        "item discount",
        minimum=ZERO,
    ),
    _line("tags", "Line: tags", Kind.LIST, "The product's tags", "tags", "product tags"),
    _line(
        "category",
        "Line: category",
        Kind.LIST,
        "The product's categories",
        "category",
        "categories",
        "product category",
        "product type",
        "الفئة",
        "التصنيف",
    ),
    _line(
        "collection",
        "Line: collection",
        Kind.LIST,
        "The product's collections",
        "collection",
        "collections",
        "product collection",
    ),
)
