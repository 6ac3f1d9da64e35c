"""The language of a text: by its most frequent words where it is declared, else by all its letters."""

from __future__ import annotations

import pytest

from collectors.extraction.language import by_frequent_words, language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "sv",
            "Regeringen har i dag lagt fram ett förslag som ska göra det enklare för kommunerna att "
            "bygga nya bostäder. Det är en del av den nya planen, och det har varit mycket diskussion "
            "om vad som krävs för att den ska bli antagen av riksdagen med en majoritet av de partier "
            "som stöder den.",
        ),
        (
            "ru",
            "Правительство представило сегодня предложение, которое должно облегчить муниципалитетам "
            "строительство нового жилья. Это часть нового плана, и о нем много говорили, так как не "
            "ясно, что нужно для того, чтобы он был принят парламентом большинством партий, которые "
            "его поддерживают, и вступил в силу с начала года.",
        ),
        (
            None,
            "Regjeringen har i dag lagt fram et forslag som skal gjøre det enklere for kommunene å "
            "bygge nye boliger. Det er en del av den nye planen, og det har vært mye diskusjon om hva "
            "som skal til for at den skal bli vedtatt av Stortinget med et flertall av partiene som "
            "støtter den.",
        ),
        (
            None,
            "Правителството представи днес предложение, което ще улесни общините да строят нови "
            "жилища. То е част от новия план и за него се говори много, защото не е ясно какво е "
            "нужно, за да бъде прието от парламента с мнозинството на партиите, които го подкрепят, и "
            "да влезе в сила от началото на годината.",
        ),
    ],
    ids=["Swedish", "Russian", "Norwegian", "Bulgarian"],
)
def test_frequent_words_tell_a_language_from_neighbours_that_share_many_of_them(
    language: str | None, text: str
) -> None:
    assert by_frequent_words(text) == language


_ALIKE = {
    "da": (
        "Regeringen har i dag fremlagt et forslag, der skal gøre det lettere for kommunerne at "
        "bygge nye boliger. Det er en del af den nye plan, og der har været meget debat om, hvad "
        "der skal til, for at den kan blive vedtaget af Folketinget med et flertall af de "
        "partier, der støtter den. Han var at finde i salen, for at have ro."
    ),
    "cs": (
        "Vláda dnes představila návrh, který má obcím usnadnit výstavbu nových bytů. Je to "
        "součást nového plánu a hodně se o něm mluvilo, protože není jasné, co je potřeba k tomu, "
        "aby ho parlament přijal většinou stran, které ho podporují. Podle ministra to do konce "
        "roku bude, jak se zdá, ještě na stole po dalším jednání."
    ),
    "sk": (
        "Vláda dnes predstavila návrh, ktorý má obciam uľahčiť výstavbu nových bytov. Je to "
        "súčasť nového plánu a veľa sa o ňom hovorilo, pretože nie je jasné, čo je potrebné na "
        "to, aby ho parlament prijal väčšinou strán, ktoré ho podporujú. Podľa ministra to do "
        "konca roka bude ešte na stole po ďalšom rokovaní."
    ),
    "uk": (
        "Уряд сьогодні представив пропозицію, яка має полегшити громадам будівництво нового "
        "житла. Це частина нового плану, і про нього багато говорили, бо не зрозуміло, що "
        "потрібно для того, щоб його ухвалив парламент більшістю партій, які його підтримують, і "
        "щоб він набув чинності з початку року."
    ),
    "be": (
        "Урад сёння прадставіў прапанову, якая павінна палегчыць абшчынам будаўніцтва новага "
        "жылля. Гэта частка новага плана, і пра яго шмат гаварылі, бо не ясна, што трэба для "
        "таго, каб яго прыняў парламент большасцю партый, якія яго падтрымліваюць, і каб ён набыў "
        "моц з пачатку года."
    ),
    "mk": (
        "Владата денес претстави предлог кој треба да им олесни на општините да градат нови "
        "станови. Тоа е дел од новиот план и за него многу се зборуваше, бидејќи не е јасно што е "
        "потребно за да биде усвоен од парламентот со мнозинство на партиите што го поддржуваат и "
        "да стапи на сила од почетокот на годината."
    ),
    "fy": (
        "It regear hat hjoed in foarstel presintearre dat it foar de gemeenten makliker meitsje "
        "moat om nije wenten te bouwen. It is in part fan it nije plan, en der is in soad oer "
        "praat, om't it net dúdlik is wat der nedich is om it troch it parlemint te krijen mei in "
        "mearderheid fan de partijen dy't it stypje."
    ),
    "oc": (
        "Lo govèrn a presentat uèi una proposicion que deu permetre a las comunas de bastir mai "
        "aisidament de lotjaments novèls. Es una part del plan novèl, e se n'es fòrça parlat, "
        "perque es pas clar çò que cal per que siá adoptat per lo parlament amb una majoritat "
        "dels partits que lo sostenon e que lo vòlon."
    ),
    "ca": (
        "El govern ha presentat avui una proposta que ha de facilitar als municipis la "
        "construcció d'habitatges nous. És una part del nou pla i se n'ha parlat molt, perquè no "
        "és clar què cal perquè el parlament l'aprovi amb una majoria dels partits que li donen "
        "suport i que entri en vigor a principi d'any."
    ),
    "gl": (
        "O goberno presentou hoxe unha proposta que debe facilitar aos concellos a construción de "
        "novas vivendas. É unha parte do novo plan e falouse moito del, porque non está claro que "
        "cómpre para que o parlamento o aprobe cunha maioría dos partidos que o apoian e para que "
        "entre en vigor a comezos do ano."
    ),
    "no": (
        "Regjeringen har i dag lagt fram et forslag som skal gjøre det enklere for kommunene å "
        "bygge nye boliger. Det er en del av den nye planen, og det har vært mye diskusjon om hva "
        "som skal til for at den skal bli vedtatt av Stortinget med et flertall av partiene som "
        "støtter den."
    ),
    "bg": (
        "Правителството представи днес предложение, което ще улесни общините да строят нови "
        "жилища. То е част от новия план и за него се говори много, защото не е ясно какво е "
        "нужно, за да бъде прието от парламента с мнозинството на партиите, които го подкрепят, и "
        "да влезе в сила от началото на годината."
    ),
    "sv": (
        "Regeringen har i dag lagt fram ett förslag som ska göra det enklare för kommunerna att "
        "bygga nya bostäder. Det är en del av den nya planen, och det har varit mycket diskussion "
        "om vad som krävs för att den ska bli antagen av riksdagen med en majoritet av de partier "
        "som stöder den."
    ),
    "pl": (
        "Rząd przedstawił dziś projekt, który ma ułatwić gminom budowę nowych mieszkań. Jest to "
        "część nowego planu i dużo się o nim mówiło, ponieważ nie jest jasne, co jest potrzebne "
        "do tego, aby parlament przyjął go większością partii, które go popierają, i żeby wszedł "
        "w życie od początku roku."
    ),
    "ru": (
        "Правительство представило сегодня предложение, которое должно облегчить муниципалитетам "
        "строительство нового жилья. Это часть нового плана, и о нем много говорили, так как не "
        "ясно, что нужно для того, чтобы он был принят парламентом большинством партий, которые "
        "его поддерживают, и вступил в силу с начала года."
    ),
    "nl": (
        "De regering heeft vandaag een voorstel gepresenteerd dat het voor de gemeenten "
        "makkelijker moet maken om nieuwe woningen te bouwen. Het is een deel van het nieuwe "
        "plan, en er is veel over gesproken, omdat niet duidelijk is wat er nodig is om het met "
        "een meerderheid van de partijen door het parlement te krijgen."
    ),
    "es": (
        "El gobierno ha presentado hoy una propuesta que debe facilitar a los municipios la "
        "construcción de nuevas viviendas. Es una parte del nuevo plan y se ha hablado mucho de "
        "él, porque no está claro qué hace falta para que el parlamento lo apruebe con una "
        "mayoría de los partidos que lo apoyan."
    ),
    "pt": (
        "O governo apresentou hoje uma proposta que deve facilitar aos municípios a construção de "
        "novas habitações. É uma parte do novo plano e falou-se muito dele, porque não está claro "
        "o que é preciso para que o parlamento o aprove com uma maioria dos partidos que o apoiam "
        "e para que entre em vigor no início do ano."
    ),
    "en": (
        "The government presented a proposal today that should make it easier for the "
        "municipalities to build new homes. It is part of the new plan, and there has been a lot "
        "of discussion about what is needed for it to be passed by parliament with a majority of "
        "the parties that support it."
    ),
    "de": (
        "Die Regierung hat heute einen Vorschlag vorgelegt, der es den Gemeinden leichter machen "
        "soll, neue Wohnungen zu bauen. Er ist ein Teil des neuen Plans, und es wurde viel "
        "darüber gesprochen, weil nicht klar ist, was nötig ist, damit er vom Parlament mit einer "
        "Mehrheit der Parteien angenommen wird, die ihn stützen."
    ),
    "fr": (
        "Le gouvernement a présenté aujourd'hui une proposition qui doit permettre aux communes "
        "de construire plus facilement de nouveaux logements. Elle fait partie du nouveau plan et "
        "on en a beaucoup parlé, car on ne sait pas ce qu'il faut pour que le parlement l'adopte "
        "avec une majorité des partis qui la soutiennent."
    ),
    "it": (
        "Il governo ha presentato oggi una proposta che deve rendere più facile per i comuni la "
        "costruzione di nuove abitazioni. È una parte del nuovo piano e se ne è parlato molto, "
        "perché non è chiaro che cosa serva perché il parlamento la approvi con una maggioranza "
        "dei partiti che la sostengono."
    ),
}
"""A few sentences that say the same, in languages whose neighbours have many of their frequent words."""


@pytest.mark.parametrize("language", _ALIKE)
def test_a_text_is_in_its_own_language_whether_that_is_declared_or_none_or_a_wrong_one(language: str) -> None:
    wrong = "fr" if language == "de" else "de"
    assert [language_of(_ALIKE[language], each) for each in (language, None, wrong)] == [language] * 3
