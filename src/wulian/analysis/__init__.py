"""What data reveal: rules and red flags over tables, without the platform and without a database server."""
