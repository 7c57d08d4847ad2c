"""The steps of a complaint from its acceptance to the archive (REFERENCE D.6 C05 to C90), as a table."""

from wulian.casework.handling.views.steps.beside import BESIDE
from wulian.casework.handling.views.steps.conclusion import CONCLUSION
from wulian.casework.handling.views.steps.investigation import INVESTIGATION

STEPS = (*INVESTIGATION, *BESIDE, *CONCLUSION)
