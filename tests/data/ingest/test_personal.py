"""Columns and values that look like personal data are called so, and columns of a case are not."""

from __future__ import annotations

import pytest

from data.ingest.personal import column_fault, value_fault
from data.ingest.tables import TABLES


@pytest.mark.parametrize(
    "name",
    [
        "customer_name", "Client Name", "nom du client", "numéro client", "client_id", "policy_number", "Policy No",
        "n° de police", "num_contrat", "policyholder", "souscripteur", "assuré", "phone", "Téléphone", "mobile", "gsm",
        "e-mail", "courriel", "date of birth", "dob", "naissance", "address", "adresse", "postcode", "iban", "CIN",
        "recording", "caller_number", "first name", "prénom", "agent_name", "fullname", "contact_name",
    ],
)  # fmt: skip
def test_a_column_of_persons_is_called_so(name):
    fault = column_fault(name)
    assert fault is not None
    assert "personal data" in fault.reason


def test_no_column_of_a_case_is_taken_for_personal():
    names = {column.name for table in TABLES for column in table.columns}
    assert {name for name in names if column_fault(name) is not None} <= {"name"}  # of a site, a campaign or a partner


@pytest.mark.parametrize("text", ["call +33 6 12 34 56 78", "06 12 34 56 78", "00212 5 37 12 34 56", "a.b@example.org"])
def test_a_value_of_persons_is_called_so(text):
    assert value_fault(text) is not None


@pytest.mark.parametrize(
    "text", ["A001", "2026-11-23", "09:00-12:00", "1 234 567", "12 seats, 8 blocks", "5f0c2a9be1d34c77"]
)
def test_an_ordinary_value_is_not(text):
    assert value_fault(text) is None
