"""Every way in: HTTP, web pages and the command line. The only place that knows all the others."""
