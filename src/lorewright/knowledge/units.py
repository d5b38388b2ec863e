"""Units and currencies: their spellings in a dozen languages, and how they convert into each other."""

import re
from dataclasses import dataclass
from functools import cache

from lorewright.knowledge.patterns import pattern


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts: `factor` times the base of its dimension (seconds, metres, EUR ...)."""

    dimension: str
    factor: float = 1.0


# One line per unit: dimension, factor, spellings. A spelling in two lines may mean either.
_TABLE = """
percent 1 % ٪ percent per_cent pct prozent pour_cent por_ciento por_cento per_cento procent
percent 1 процент процента процентов процентам بالمئة بالمائة パーセント phần_trăm
EUR 1 € eur euro euros евро يورو 欧元 ユーロ
USD 1 $ us$ usd dollar dollars dólar dólares dollari dollaro доллар доллара долларов دولار 美元 ドル đô_la
GBP 1 £ gbp pound pounds sterling pfund sterline libras_esterlinas фунтов
CHF 1 chf fr franken franchi francs_suisses франков
JPY 1 ¥ jpy yen 円 日元 иен йен
CNY 1 ¥ cny rmb yuan 元 人民币 юаней
RUB 1 ₽ rub руб рубль рубля рублей rubel roubles
crown 1 crown crowns krone kronen kronor kr sek nok dkk czk
INR 1 ₹ inr rupee rupees rupien
cent 1 ¢ cent cents centimes céntimos centavos centesimi центов
time 0.001 ms millisecond milliseconds millisekunde millisekunden milliseconde millisecondes
time 1 s sec secs second seconds sekunde sekunden sek seconde secondes secondo secondi segundo segundos
time 1 seconden секунда секунды секунд 秒 秒钟 ثانية ثوان ثواني giây
time 60 min mins minute minutes minuten minuto minutos minuti minuut минута минуты минут минуту 分钟 分間
time 60 دقيقة دقائق phút
time 3600 h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren час часа часов
time 3600 小时 个小时 時間 ساعة ساعات tiếng
time 86400 d day days tag tage tagen tages jour jours día días dia dias giorno giorni dag dagen
time 86400 день дня дней
time 86400 天 日間 يوم أيام يوما يومًا ngày
time 604800 week weeks wk woche wochen semaine semaines semana semanas settimana settimane weken
time 604800 неделя недели недель неделю 周 星期 个星期 週間 أسبوع أسابيع tuần
months 1 month months monat monate monaten monats mois mes meses mese mesi mês maand maanden
months 1 месяц месяца месяцев 个月 か月 ヶ月 شهر أشهر شهرا شهرًا tháng
months 12 year years yr yrs jahr jahre jahren jahres ans année années año años anno anni ano anos jaar
months 12 год года лет سنة سنوات عام أعوام عاما عامًا năm
length 0.001 mm millimetre millimetres millimeter millimeters millimetri milímetros миллиметров 毫米 ミリ
length 0.01 cm centimetre centimetres centimeter centimeters zentimeter centimètres centimetri centímetros
length 0.01 см сантиметров 厘米 センチ سنتيمتر
length 1 m metre metres meter meters mètre mètres metro metros metri метр метра метров 米 メートル متر أمتار mét
length 1000 km kilometre kilometres kilometer kilometers kilomètre kilomètres kilómetro kilómetros
length 1000 chilometro chilometri quilômetro quilómetros quilômetros км километр километра километров
length 1000 公里 千米 キロメートル كيلومتر كيلومترا
length 0.0254 inch inches zoll pouces pulgadas pollici
length 0.3048 ft foot feet
length 1609.344 mile miles mi meilen
mass 0.001 mg milligram milligrams milligramm milligrammes miligramos мг 毫克
mass 1 g gram grams gramm gramme grammes gramo gramos grammo grammi grama gramas грамм граммов 克 グラム غرام
mass 1000 kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chili
mass 1000 chilogrammi quilo quilos quilogramas кг килограмм килограмма килограммов
mass 1000 公斤 千克 キロ كيلوغرام كيلوجرام
mass 1000000 t tonne tonnes ton tons tonnen tonnellate toneladas тонн тонны 吨 トン طن
mass 453.59237 lb lbs pound pounds pfund
volume 0.001 ml millilitre millilitres milliliter milliliters mililitros millilitri мл 毫升
volume 1 l litre litres liter liters litro litros litri литр литра литров 升 リットル لتر لترا
power 1 w watt watts ватт 瓦
power 1000 kw kilowatt kilowatts 千瓦
power 1000000 mw megawatt megawatts мвт 兆瓦
data 1 byte bytes
data 1000 kb kilobyte kilobytes кб
data 1000000 mb megabyte megabytes мб
data 1000000000 gb gigabyte gigabytes гб
data 1000000000000 tb terabyte terabytes тб
celsius 1 °c ℃ grad degrees degree degrés grados gradi graus graden градусов градуса градус 度 درجة درجات độ
celsius 1 degrees_celsius degree_celsius grad_celsius degrés_celsius grados_celsius 摄氏度
fahrenheit 1 °f ℉ degrees degree degrees_fahrenheit
"""
_BEFORE = pattern(
    r"(US\$|[$€£¥₽₹]|百分之|(?<![^\W\d_])(?:EUR|USD|GBP|CHF|JPY|CNY|RMB|RUB|INR|SEK|NOK|DKK|Euro))[\s\xa0]?$"
)
_WORD = pattern(
    r"[\s\xa0\u202f-]?(?:(?:d['’]|de |di )\s?)?"
    r"(°[CF]\b|[%٪$€£¥¢₽₹℃℉]|US\$|[\u3040-\u30ff\u3400-\u9fff]{1,6}|"
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:[ \xa0][^\W\d_\u3040-\u30ff\u3400-\u9fff]+)?)",
    re.IGNORECASE,
)


def unit_after(text: str, place: int) -> tuple[frozenset[Unit], int]:
    """Return what the unit behind a number may mean, and where it ends; nothing where there is none."""
    match = _WORD.match(text, place)
    if match is None:
        return frozenset(), place
    word = " ".join(match[1].lower().split())
    start = match.start(1)
    for spelled in (word, word.split(" ")[0]):
        if spelled in _units():
            return _units()[spelled], start + len(spelled)
    if "\u3040" <= word[0] <= "\u9fff":
        for length in range(min(5, len(word)), 0, -1):  # nothing tells where a unit ends
            if word[:length] in _units():
                return _units()[word[:length]], start + length
    return frozenset(), place


def unit_before(text: str, place: int) -> tuple[frozenset[Unit], int]:
    """Return what the currency right before a number may mean, and where it starts."""
    match = _BEFORE.search(text, max(0, place - 6), place)
    if match is None:
        return frozenset(), place
    word = "%" if match[1] == "百分之" else match[1].lower()
    return _units()[word], match.start(1)


def agree(left: frozenset[Unit], right: frozenset[Unit]) -> bool:
    """Return whether two numbers may count the same; a number without a unit may count anything."""
    return not left or not right or bool(left & right)


@cache
def _units() -> dict[str, frozenset[Unit]]:
    units_of: dict[str, set[Unit]] = {}
    for line in _TABLE.strip().splitlines():
        dimension, factor, *spellings = line.split()
        for spelling in spellings:
            units_of.setdefault(spelling.replace("_", " "), set()).add(Unit(dimension, float(factor)))
    return {spelling: frozenset(units) for spelling, units in units_of.items()}
