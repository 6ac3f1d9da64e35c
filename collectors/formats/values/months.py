"""The names of months and their usual abbreviations, without accents and in lower case.

From the CLDR (by way of Babel 2.17) in the languages of Europe, Indonesian, Malay and Turkish: a table, since
loading the locales takes a second.
"""

from __future__ import annotations

_NAMES = {
    1: (
        "ene enero gen gener gennaio ian ianuarie jaan jaanuar jaenner jan janeiro janner januar "
        "januara januari january janv janvaris janvier led leden ledna oca ocak saus sausio sausis "
        "sij sijecanj sijecnja sty styczen stycznia tammi tammikuu tammikuuta urt urtarrila xan "
        "xaneiro ιαν ιανουαριοσ ιανουαριου січ січень січня янв январь января яну януари"
    ),
    2: (
        "feb febbraio feber febr febreiro febrer febrero februar februara februari februarie "
        "februaris february fev fevereiro fevr fevrier helmi helmikuu helmikuuta lut lutego luty ots "
        "otsaila sub subat uno unor unora vas vasario vasaris veebr veebruar velj veljaca veljace φεβ "
        "φεβρουαριοσ φεβρουαριου лют лютии лютого фев февр февраль февраля февруари"
    ),
    3: (
        "bre brezen brezna kov kovas kovo maalis maaliskuu maaliskuuta maart mac maerz mar marc marca "
        "march marcius marco marec maret mars mart martie marts martxoa marz marzec marzo mrt mrz ozu "
        "ozujak ozujka μαρ μαρτιοσ μαρτιου бер березень березня мар март марта"
    ),
    4: (
        "abr abril api apirila apr april aprila aprile aprilie aprilis aprill avr avril bal balandis "
        "balandzio dub duben dubna huhti huhtikuu huhtikuuta kwi kwiecien kwietnia nis nisan tra "
        "travanj travnja απρ απριλιοσ απριλιου апр апрель апреля април квіт квітень квітня"
    ),
    5: (
        "geg geguze geguzes kve kveten kvetna mag maggio mai maiatza maig maijs maio maj maja majus "
        "may mayo mayıs mei svi svibanj svibnja touko toukokuu toukokuuta μαι μαιοσ μαιου маи мая "
        "трав травень травня"
    ),
    6: (
        "birz birzelio birzelis cerven cervna cvn cze czerwca czerwiec eka ekaina giu giugno haz "
        "haziran iun iunie juin jun juna june junho juni junij junijs junio junius juny juuni kesa "
        "kesakuu kesakuuta lipanj lipnja xuno ιουν ιουνιοσ ιουνιου июн июнь июня черв червень червня "
        "юни"
    ),
    7: (
        "cervence cervenec cvc heina heinakuu heinakuuta iul iulie juil juillet jul jula julai julho "
        "juli julij julijs julio juliol julius july juuli liep liepa liepos lip lipca lipiec lug "
        "luglio srpanj srpnja tem temmuz uzt uztaila xul xullo ιουλ ιουλιοσ ιουλιου июл июль июля лип "
        "липень липня юли"
    ),
    8: (
        "abu abuztua ago agost agosto agt agu agust agustos agustus aout aug august augusta augusti "
        "augusts augustus augusztus avg avgust elo elokuu elokuuta kol kolovoz kolovoza ogo ogos rugp "
        "rugpjucio rugpjutis sie sierpien sierpnia srp srpen srpna αυγ αυγουστοσ αυγουστου авг август "
        "августа серп серпень серпня"
    ),
    9: (
        "eyl eylul ira iraila rugs rugsejis rugsejo ruj rujan rujna sep sept september septembra "
        "septembre septembrie septembris septiembre set setembre setembro settembre syys syyskuu "
        "syyskuuta szept szeptember wrz wrzesien wrzesnia zar zari σεπ σεπτεμβριοσ σεπτεμβριου вер "
        "вересень вересня сент сентябрь сентября сеп септември"
    ),
    10: (
        "eki ekim loka lokakuu lokakuuta oct october octobre octombrie octubre okt oktober oktobra "
        "oktobris oktoober ott ottobre out outubro paz pazdziernik pazdziernika rij rijen rijna spal "
        "spalio spalis urr urria οκτ οκτωβριοσ οκτωβριου жовт жовтень жовтня окт октомври октябрь "
        "октября"
    ),
    11: (
        "aza azaroa kas kasım lapkr lapkricio lapkritis lis listopad listopada listopadu marras "
        "marraskuu marraskuuta noiembrie nov november novembra novembre novembris novembro noviembre "
        "stu studeni studenoga νοε νοεμβριοσ νοεμβριου лист листопад листопада ное ноември нояб "
        "ноябрь ноября"
    ),
    12: (
        "abe abendua ara aralık dec december decembra decembre decembrie decembris decembro des "
        "desember desembre dets detsember dez dezember dezembro dic dicembre diciembre dis disember "
        "gru grudnia grudzien gruod gruodis gruodzio joulu joulukuu joulukuuta pro prosinac prosinca "
        "prosince prosinec δεκ δεκεμβριοσ δεκεμβριου груд грудень грудня дек декабрь декабря декември"
    ),
}
MONTHS = {name: number for number, names in _NAMES.items() for name in names.split()}
