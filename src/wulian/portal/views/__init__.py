"""Pages of the public: no login, one question a page."""
