"""The workbook's form: where each question stands, its lists, names and styles."""
