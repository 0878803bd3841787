"""Write a workbook, read a return, check it, send the queries back: all that knows Excel."""
