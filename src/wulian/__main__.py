"""`python -m wulian` is the same as the console script `wulian`."""

from wulian.cli import main

raise SystemExit(main())
