"""What people call the contract's columns in tables of their own, in six languages: asked about, never guessed."""

from __future__ import annotations

import unicodedata

from mediaplan.history.tables.tables import folded

CALLED = {
    "date": "jour day fecha dia data datum tag",
    "days": "jours dias tage dagen",
    "hour": "heure hora stunde uur",
    "slot": "creneau tranche_horaire franja horario zeitfenster tijdvak daypart",
    "channel": "canal plateforme reseau plataforma kanal plattform kanaal platform network",
    "audience": "cible ciblage publico publico_objetivo zielgruppe doelgroep target segment",
    "post": "publication publicacion publicacao beitrag bericht annonce creative",
    "spend": "depense depenses montant_depense cout gasto importe_gastado costo coste custo kosten ausgaben uitgaven cost costs amount_spent",
    "impressions": "impressionen impresiones impressoes vertoningen weergaven",
    "reach": "portee couverture alcance reichweite bereik",
    "clicks": "clics cliques klicks klikken",
    "results": "resultats resultados ergebnisse resultaten conversions leads",
    "result_type": "type_de_resultat tipo_de_resultado ergebnistyp",
    "currency": "devise monnaie moneda divisa moeda wahrung valuta",
    "title": "titre titulo titel",
    "channels": "canaux canales canais kanale kanalen plateformes",
    "topic": "sujet theme thematique tema thema onderwerp",
    "published": "publie publie_le date_de_publication publicado veroffentlicht gepubliceerd",
    "status": "statut estado",
    "size": "taille tamano tamanho grosse grootte",
    "value": "valeur valor wert waarde",
}
"""Contract column -> other words for it, without accents, `_` for a space."""

MEANT = {word.replace("_", " "): column for column, words in CALLED.items() for word in words.split()}


def meant(header: str) -> str | None:
    """The contract column that a header of another language probably is, or `None`."""
    plain = unicodedata.normalize("NFKD", folded(header).replace("_", " "))
    return MEANT.get("".join(letter for letter in plain if not unicodedata.combining(letter)))
