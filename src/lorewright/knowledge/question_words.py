"""Words by which a question is asked, in some languages: they say nothing of what it is about."""

from functools import cache

# Other English ones are among the stop words.
_ENGLISH = frozenset(("many", "much", "often"))
_ALIKE = {
    "German": """wie viel viele welche welcher welches welchem welchen was wer wem wen wann wo woher wohin
    warum wieso ich du er wir ihr mich mir uns sich mein meine meinen meinem meiner habe hat haben hatte
    bin bist ist sind wird werden wurde kann können muss müssen soll sollen darf dürfen gibt es das
    der dem den des ein eine einen einem einer und oder nicht für mit auf bei von vom zum zur im am
    aus nach über bis als auch noch nur wenn dass lang lange hoch""",
    "French": """quel quelle quels quelles qui que quoi quand où comment pourquoi combien est sont suis ai
    avons avez ont je tu il elle nous vous ils elles mon ma mes notre votre le la les un une du de et ou
    en dans sur par avec ce cette ces ne pas se sa ses leur peut dois doit faut puis-je est-il
    est-elle sont-ils""",
    "Spanish": """qué cuál cuáles quién quiénes cuándo dónde cómo cuánto cuánta cuántos cuántas es son está
    están hay tengo tiene tienen puedo puede pueden debo debe el los las una unos unas del y con para mi
    mis su sus al lo""",
    "Italian": """che cosa quale quali chi quando dove perché quanto quanta quanti quante è sono ho hanno
    posso può devo deve gli di della dei per mio mia non si""",
    "Portuguese": """qual quais quem onde quê quantos são tem tenho pode os as um uma do da dos das em na com
    meu minha não""",
    "Dutch": """wat wanneer waar hoe waarom welke hoeveel zijn heb heeft hebben kan kunnen moet moeten mag
    ik jij u hij zij wij mijn het een op voor van naar niet""",
}
FUNCTION_WORDS = frozenset(word for words in _ALIKE.values() for word in words.split())
"""Those of all languages that share letters with English."""

_OF_ONE_LANGUAGE = {
    "Polish": """ile jak jaki jaka jakie jaką jakim jakiej jakich jakiego kto kogo komu kim czyj co
    czego czym kiedy gdzie skąd dokąd czy dlaczego który która które którego której którym jest są
    być był była było będzie ma mają mam masz mieć można mogę może mogą musi muszę trzeba należy
    powinien powinno się do na w we z ze za od po przez dla przy o u i a oraz lub albo nie to ten ta
    te tego tej tym mój moja moje mi mnie ja jako""",
    "Czech": """kolik kolikrát jak jaký jaká jaké jakou jakým jakého jakých kdo koho komu kým co
    čeho čím kdy kde kam odkud proč který která které kterého kterou je jsou být byl byla bylo bude
    má mají mám mít může mohu mohou musí musím lze smím smí mám třeba se si do na v ve z ze za od po
    pro při o u i a nebo či ne to ten ta te toho té tom můj moje mi mě já jako s k""",
    "Slovak": """koľko ako aký aká aké akú akým kto koho komu čo čoho kedy kde kam odkiaľ prečo
    ktorý ktorá ktoré je sú byť bol bola bolo bude má majú mám mať môže môžem musí musím treba smiem
    sa si do na v vo z zo za od po pre pri o u i a alebo či nie to ten tá tie môj moja moje mi ma ja
    s k""",
    "Croatian": """koliko kako koji koja koje kojeg kojoj tko ko koga kome što šta čega kada kad
    gdje gde kamo zašto li je su biti bio bila bilo će ima imaju imam mogu može moram mora treba se
    si do na u iz za od po pri o i a ili ne to taj ta te moj moja moje mi me ja sa s k""",
    "Ukrainian": """скільки як який яка яке які якої якого яку хто кого кому що чого чим коли де
    куди звідки чому чи є бути був була було буде має мають маю можна можу може треба потрібно
    повинен слід до на в у з із зі за від по для при о і й та або не це цей ця ці мій моя моє мені я""",  # noqa: RUF001
    "Bulgarian": """колко как какъв каква какво какви кой коя кое кои кого кога къде откъде защо ли
    е са съм бъде беше има имат имам може мога трябва се си до на в във с със за от по при о и а или
    не това този тази тези мой моя мое ми аз""",  # noqa: RUF001
    "Russian": """сколько как какой какая какое какие какую каком кто кого кому что чего чем когда
    где куда откуда почему ли есть быть был была было будет имеет можно могу может нужно надо должен
    следует до на в у из за от по для при о и или не это этот эта эти мой моя мое мне я к с со""",  # noqa: RUF001
    "Turkish": """kaç nasıl ne nedir neden niçin nerede nereye nereden kim kime kimin hangi hangisi
    zaman mi mı mu mü miyim mıyım var yok olarak için ile ve veya bir bu şu o kadar gerekir
    gerekiyor olur olmalı""",  # noqa: RUF001
    "Finnish": """kuinka miten mikä mitä millä mihin missä mistä milloin kuka ketkä kenen kenelle
    kenet miksi monta paljon onko voiko voinko saako saanko pitääkö on ovat oli olla saa voi pitää
    täytyy ja tai että se ne minun""",
    "Hungarian": """mennyi hány hogyan hogy mi mit milyen melyik ki kit kinek mikor hol hova honnan
    miért van vannak volt lesz lehet kell szabad tudok és vagy a az egy nem ez""",
}


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the words by which a question is asked in a language, in all of them where it is not known.

    In an English question "bin" is a container and no German verb.
    """
    if language == "English":
        return _ENGLISH
    return FUNCTION_WORDS.union(_OF_ONE_LANGUAGE.get(language, "").split())
