"""Pages of the handling of complaints."""
