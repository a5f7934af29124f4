"""Personal data is refused at the door: agents are pseudonymous, customers are only counted, and nothing in a plan needs to
know who they are.
"""

from __future__ import annotations

import re

from data.ingest.cells import LONGEST_TEXT, Fault

_WORDS = frozenset((
    "phone", "telephone", "téléphone", "mobile", "tel", "tél", "portable", "email", "mail", "courriel",
    "firstname", "lastname", "surname",
    "forename", "prénom", "prenom", "nom",
    "birthday", "birthdate", "birth", "naissance", "address", "adresse", "iban",
    "cin", "cnss", "ssn", "passport", "passeport", "gender", "sexe", "person", "fullname", "gsm", "msisdn",
    "policyholder", "souscripteur", "assuré", "assure", "postcode", "zipcode", "dob", "recording", "enregistrement",
))  # fmt: skip
_PERSON_NAMES = re.compile(r"(agent|first|last|full|given|family|employee|user|display)_?name|name_?(of_)?agent")
_CUSTOMERS = re.compile(
    r"(customer|client|policy|police|contrat|contact|subscriber|beneficiary|caller)s?_?(name|number|no|nr|num|id|ref)\b"
    r"|(name|number|num|numéro|numero|nom|n)_?(of_|de_|du_|d_)?(the_|la_|le_)?(customer|client|policy|police|contrat)\b"
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<!\w)((\+|00)[1-9]([ .()/-]{0,2}[0-9]){8,14}|0[1-9]([ .-]?[0-9]{2}){4})(?!\w)")
_MEND = "Remove it, and name people by a pseudonymous id such as A001."


def column_fault(name: str) -> Fault | None:
    """A Fault when a column that no table has looks like personal data."""
    plain = name.strip().lower().replace("e-mail", "email").replace("e_mail", "email")
    words = set(re.split(r"[\W_]+", plain))
    joined = re.sub(r"[\W_]+", "_", plain)
    if words & _WORDS or plain == "name" or _PERSON_NAMES.search(joined) or _CUSTOMERS.search(joined):
        return Fault("looks like personal data, which a case must not hold", "Remove the column.")
    return None


def value_fault(text: str) -> Fault | None:
    """A Fault when a text holds what looks like an e-mail address or telephone number."""
    if len(text) > LONGEST_TEXT:
        return None  # refused for its length, and too long to search
    if "@" in text and _EMAIL.search(text):
        return Fault("looks like an e-mail address, which a case must not hold", _MEND)
    if _PHONE.search(text):
        return Fault("looks like a telephone number, which a case must not hold", _MEND)
    return None
