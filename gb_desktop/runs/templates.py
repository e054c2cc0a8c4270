"""A batch type's Excel template as data: one column a field, the ones people need first."""

from __future__ import annotations

from typing import Literal

from gb_desktop.catalog import BatchType, Field, Kind
from gb_desktop.workbook.templates import TemplateColumn

KINDS: dict[Kind, Literal["text", "number", "date", "datetime", "choice", "boolean"]] = {
    Kind.ID: "text",
    Kind.TEXT: "text",
    Kind.EMAIL: "text",
    Kind.MOBILE: "text",
    Kind.LIST: "text",
    Kind.ANY: "text",
    Kind.NUMBER: "number",
    Kind.INTEGER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATETIME: "datetime",
    Kind.DATE: "date",
    Kind.CHOICE: "choice",
}


def template_columns(batch_type: BatchType) -> list[TemplateColumn]:
    """The template's columns: required fields first, extended ones left out."""
    fields = [field for field in batch_type.fields if not field.extended]
    return [_column(field) for field in sorted(fields, key=lambda field: not field.required)]


def _column(field: Field) -> TemplateColumn:
    return TemplateColumn(
        title=field.title,
        path=field.path,
        note=field.meaning,
        required=field.required,
        kind=KINDS[field.kind],
        choices=field.choices,
        examples=field.examples,
    )
