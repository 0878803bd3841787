"""The look of the house: colours, fonts, drawing."""
