"""Run the worker: deliver the news and do what is due every so often."""

import signal
import threading
from types import FrameType

import click

from tinhso.config.runtime import database
from tinhso.journal.tasks import work
