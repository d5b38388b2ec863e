"""Words by which a question is asked, in some languages: they say nothing of what it is about."""

# English ones are among the stop words. Words that mean something else in English are left out.
FUNCTION_WORDS = frozenset(
    """wie viel viele welche welcher welches welchem welchen was wer wem wen wann wo woher wohin warum
    wieso ich du er wir ihr mich mir uns sich mein meine meinen meinem meiner habe hat haben hatte
    bin bist ist sind wird werden wurde kann können muss müssen soll sollen darf dürfen gibt es das
    der dem den des ein eine einen einem einer und oder nicht für mit auf bei von vom zum zur im am
    aus nach über bis als auch noch nur wenn dass lang lange hoch

    quel quelle quels quelles qui que quoi quand où comment pourquoi combien est sont suis ai avons
    avez ont je tu il elle nous vous ils elles mon ma mes notre votre le la les un une du de et ou
    en dans sur par avec ce cette ces ne pas se sa ses leur peut dois doit faut puis-je est-il
    est-elle sont-ils

    qué cuál cuáles quién quiénes cuándo dónde cómo cuánto cuánta cuántos cuántas es son está están
    hay tengo tiene tienen puedo puede pueden debo debe el los las una unos unas del y con para mi
    mis su sus al lo

    che cosa quale quali chi quando dove perché quanto quanta quanti quante è sono ho hanno posso
    può devo deve gli di della dei per mio mia non si

    qual quais quem onde quê quantos são tem tenho pode os as um uma do da dos das em na com meu
    minha não

    wat wanneer waar hoe waarom welke hoeveel zijn heb heeft hebben kan kunnen moet moeten mag ik
    jij u hij zij wij mijn het een op voor van naar niet""".split()  # noqa: SIM905
)
