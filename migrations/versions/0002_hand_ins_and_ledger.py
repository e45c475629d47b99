"""Every hand-in with its time, also of content that came before; the ledger of regrades."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONE_EACH = """
INSERT INTO hand_in (submission_id, received_at, problems)
SELECT id, received_at, problems FROM submission ORDER BY student_id, turn
"""


def upgrade() -> None:
    """Make the tables; of older hand-ins only the last time of each content is known."""
    op.create_table(
        "hand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_in"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_hand_in_submission_id_submission"),
    )
    op.create_index("ix_hand_in_submission_id", "hand_in", ["submission_id"])
    op.execute(ONE_EACH)
    for column in ("turn", "received_at", "problems"):
        op.drop_column("submission", column)
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("never_lower", sa.Boolean(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name="fk_entry_exam_id_exam"),
        sa.UniqueConstraint("exam_id", "number", name="uq_entry_exam_id_number"),
    )
