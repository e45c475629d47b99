"""The page: who may open it, when clocks started, every change of every box; feedback released by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name="fk_release_exam_id_exam"),
    )
    op.create_table(
        "access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access"),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name="fk_access_exam_id_exam"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_access_student_id_student"),
        sa.UniqueConstraint("digest", name="uq_access_digest"),
    )
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sitting"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_sitting_student_id_student"),
        sa.UniqueConstraint("student_id", name="uq_sitting_student_id"),
    )
    op.create_table(
        "save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_save"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_save_student_id_student"),
    )
    op.create_index("ix_save_box", "save", ["student_id", "item", "field"])
