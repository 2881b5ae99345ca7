"""Where people come in: server-rendered pages, plain forms, one small script."""
