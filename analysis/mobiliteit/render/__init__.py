"""From results to what people see: numbers as text, tables, figures and pages."""
