"""What is told of a study: rows built once, and the forms that only draw them."""
