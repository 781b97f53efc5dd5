"""Old and new code must be able to live on the new tables; every rule of the linter is seen red here."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Q

from tests.architecture.migration_lint import BIG, GRANDFATHERED, faults
from tinhso.config import places
from tinhso.config.upgrade.rule import not_back

VERSION = tomllib.loads((places.CLONE / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def _ours(loader: MigrationLoader) -> list[Migration]:
    return [one for one in loader.disk_migrations.values() if type(one).__module__.startswith("tinhso.")]


@pytest.mark.django_db
def test_no_migration_hurts_the_release_before() -> None:
    loader = MigrationLoader(connection)
    found = {
        name: said
        for one in _ours(loader)
        if (name := f"{one.app_label}.{one.name}") not in GRANDFATHERED
        and (said := faults(one, loader.project_state((one.app_label, one.name), at_end=False), VERSION))
    }
    assert found == {}


@pytest.mark.django_db
def test_the_grandfathered_and_those_without_a_way_back_are_there() -> None:
    names = {f"{one.app_label}.{one.name}" for one in _ours(MigrationLoader(connection))}
    assert GRANDFATHERED - names == set()
    assert set(not_back()) - names == set()


@pytest.mark.django_db
def test_big_tables_are_tables() -> None:
    assert set(connection.introspection.table_names()) >= BIG


def _state(table: str) -> ProjectState:
    state = ProjectState()
    state.add_model(
        ModelState(
            "town",
            "House",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
                ("note", models.TextField(null=True)),
                ("kind", models.CharField(max_length=5, db_default="a")),
            ],
            options={"db_table": table},
        )
    )
    return state


SMALL, LARGE = "town_house", "dossiers_dossier"
INDEX = models.Index(fields=["name"], name="by_name")
CHECK = models.CheckConstraint(condition=Q(name__gt=""), name="has_a_name")


def _said(operation: Any, table: str = SMALL, **more: Any) -> list[str]:
    made = type("Migration", (Migration,), {"operations": [operation], **more})("0009_next", "town")
    return faults(made, _state(table), "0.2.0")


@pytest.mark.parametrize(
    ("operation", "table", "words"),
    [
        (migrations.RemoveField("house", "note"), SMALL, "still reads"),
        (migrations.RenameField("house", "note", "remark"), SMALL, "still reads"),
        (migrations.DeleteModel("House"), SMALL, "still reads"),
        (migrations.RenameModel("House", "Home"), SMALL, "still reads"),
        (migrations.AlterModelTable("house", "homes"), SMALL, "still reads"),
        (
            migrations.SeparateDatabaseAndState([], [migrations.RemoveField("house", "name")]),
            SMALL,
            "NOT NULL",
        ),
        (migrations.AddField("house", "floor", models.IntegerField(default=1)), SMALL, "db_default"),
        (
            migrations.AddField("house", "floor", models.IntegerField(null=True, db_index=True)),
            LARGE,
            "AddIndexConcurrently",
        ),
        (migrations.AlterField("house", "note", models.TextField()), SMALL, "write NULL"),
        (migrations.AlterField("house", "name", models.CharField(max_length=10)), LARGE, "anew"),
        (
            migrations.AlterField("house", "name", models.CharField(max_length=20, unique=True)),
            LARGE,
            "index",
        ),
        (migrations.AddIndex("house", INDEX), LARGE, "AddIndexConcurrently"),
        (migrations.AddConstraint("house", CHECK), LARGE, "not valid"),
        (migrations.RunSQL("alter table town_house drop column note"), SMALL, "gone_since"),
        (migrations.RunSQL("alter table town_house alter column name type text"), SMALL, "type"),
        (migrations.RunSQL("create index x on dossiers_dossier (state)"), SMALL, "CONCURRENTLY"),
        (migrations.RunSQL("create index concurrently x on town_house (name)"), SMALL, "EXISTS"),
    ],
)
def test_what_hurts_is_named(operation: Any, table: str, words: str) -> None:
    assert [words in one for one in _said(operation, table)] == [True]


@pytest.mark.parametrize(
    ("operation", "table"),
    [
        (migrations.AddField("house", "floor", models.IntegerField(db_default=1)), LARGE),
        (migrations.AddField("house", "floor", models.IntegerField(null=True)), LARGE),
        (migrations.AlterField("house", "name", models.CharField(max_length=30)), LARGE),
        (migrations.AlterField("house", "name", models.TextField()), LARGE),
        (migrations.AddIndex("house", INDEX), SMALL),
        (AddIndexConcurrently("house", INDEX), LARGE),
        (AddConstraintNotValid("house", CHECK), LARGE),
        (migrations.SeparateDatabaseAndState([], [migrations.RemoveField("house", "note")]), LARGE),
        (migrations.SeparateDatabaseAndState([], [migrations.RemoveField("house", "kind")]), LARGE),
        (migrations.RunSQL("create index concurrently if not exists x on dossiers_dossier (state)"), LARGE),
    ],
)
def test_what_grows_is_let_through(operation: Any, table: str) -> None:
    assert _said(operation, table) == []


def test_what_an_earlier_release_stopped_using_may_go() -> None:
    drop = migrations.RunSQL("alter table town_house drop column note")
    assert _said(drop, gone_since="0.1.0") == []
    assert len(_said(drop, gone_since="0.2.0")) == 1
