"""Words by which a person, a body or an unnamed speaker is told from each other in English news."""

from safeconduct.incidents.reader.verbs import word_set

# Ranks and forms of address before a name; with a dot or without.
RANKS = word_set(
    "mr mrs ms miss dr prof sir dame lord lady baroness rev father sister brother pope imam mullah maulvi maulana "
    "sheikh sheik shaikh ayatollah rabbi archbishop bishop cardinal hajji haji general gen lieutenant lt colonel "
    "col major maj captain capt corporal cpl sergeant sgt admiral adm brigadier brig commander cmdr commodore "
    "marshal private pvt constable inspector superintendent supt sheriff detective officer judge justice king "
    "queen prince princess emir sultan president premier chancellor minister secretary senator sen representative "
    "rep congressman congresswoman governor gov mayor ambassador amb envoy director chairman chairwoman chair "
    "chief spokesman spokeswoman spokesperson leader deputy professor doctor nurse lawyer analyst reporter "
    "correspondent editor commissioner councillor mp mep msp undersecretary under-secretary attorney speaker "
    "lawmaker advisor adviser vice ex-president chief-of-staff shri smt co-founder founder host presenter anchor "
    "author researcher engineer coordinator head spox moderator cdr cdre ltc pte revd canon fr rt alhaji "
    "alh alhaja hajiya barr engr pm"
)
# Words that begin a title with a capital, or belong to the office before a name.
OFFICE = word_set(
    "the a an state defense defence homeland security foreign affairs interior health staff treasury war energy "
    "finance justice home press national joint chiefs general prime first vice acting former deputy assistant "
    "senior interim democratic republican white house pentagon army navy marine marines corps air force police "
    "military intelligence cia fbi un us u.s u.s. uk eu nato centcom u.n u.n. u.k u.k. american british russian "
    "ukrainian afghan syrian sudanese israeli palestinian iranian iraqi turkish french german chinese indian "
    "pakistani saudi qatari emirati jordanian egyptian lebanese yemeni libyan ethiopian somali nigerian kenyan "
    "south north korean japanese australian canadian dutch spanish italian polish swedish norwegian european "
    "african arab asian western eastern belarusian kurdish taliban hamas hezbollah houthi isis al-qaeda labour "
    "conservative tory liberal lib dem party rights human aid relief regional district provincial city council "
    "county federal local special central command executive managing monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november december union "
    "republic islamic emirate congressional parliamentary opposition rebel counsel minority majority whip commons "
    "lords knesset fire agriculture transport trade information communications development international media "
    "public political humanitarian emergency refugee child protection legal program programme strategic "
    "communication tv radio news bbc cnn reuters ap afp sky al-jazeera armed forces operations field country high "
    "supreme secretary-general director-general co-ordinator solicitor of for and operation mission red cross "
    "crescent sub-inspector additional mla"
)
# Last word of the name of a body.
BODY_HEADS = word_set(
    "ministry ministries department council command agency organisation organization committee army force forces "
    "police office embassy government house union front movement party state states group society press news "
    "times post journal university centre center institute foundation bank court commission authority watch "
    "international network mission bureau brigade brigades republic emirate administration military navy "
    "parliament congress senate cabinet assembly company corporation association federation alliance coalition "
    "league board service services team campaign regime militia faction kremlin pentagon un nato hospital "
    "municipality prosecutor's monitor observatory programme program fund crescent cross nations borders kingdom "
    "airport airline airlines operator defence defense watchdog charity ngo statement website newspaper magazine "
    "broadcaster channel outlet daily report investigation inquiry review letter email e-mail memo cable city "
    "town district province chiefs secretariat directorate headquarters junta leadership delegation consulate "
    "guard junta nation country"
)
# Names that stand alone for a body.
PLACE_NAMES = word_set(  # governments are called by them; before a colon they are places
    "moscow washington kyiv kiev beijing london paris berlin ankara tehran damascus riyadh doha islamabad delhi "
    "jerusalem brussels tokyo kabul baghdad cairo khartoum pyongyang seoul afghanistan russia ukraine syria sudan "
    "israel iran iraq turkey france germany china india pakistan qatar jordan egypt lebanon yemen libya ethiopia "
    "somalia nigeria kenya japan australia canada britain italy spain poland sweden norway netherlands belgium us "
    "u.s u.s. uk u.k u.k. usa america europe greece hungary romania belarus georgia armenia azerbaijan uae kuwait "
    "oman bahrain algeria morocco tunisia africa asia mali chad niger myanmar bangladesh uganda rwanda congo "
    "venezuela mexico brazil cuba nepal tigray"
)
BODIES = PLACE_NAMES | word_set(
    "pentagon kremlin taliban hamas hezbollah nato un u.n u.n. eu icrc unhcr unicef who ocha cia fbi centcom rawa "
    "msf rsf saf isis isil is isis-k iskp idf pkk ypg sdf houthis whitehouse fsb gchq mod fcdo usaid dod nsa who "
    "iom wfp unama osce unrwa interpol downing hts congress parliament westminster facebook twitter telegram "
    "google amnesty oxfam boeing"
)
BODY_NAMES = (
    "white house", "downing street", "al qaeda", "al-qaeda", "boko haram", "al shabaab", "al-shabaab",
    "islamic state", "saudi arabia", "united states", "united kingdom", "united nations", "united arab emirates",
    "south korea", "north korea", "new zealand", "red cross", "islamic jihad", "european union",
    "human rights watch", "save the children", "doctors without borders", "joint chiefs", "capitol hill",
    "scotland yard", "wagner group", "hong kong", "foreign office", "northern alliance", "new delhi", "new york",
    "los angeles", "sri lanka", "south africa", "south sudan", "white helmets", "ansar allah", "free syrian army",
    "amnesty international",
)  # fmt: skip
# Outlets and agencies; so is a name that ends in a word of OUTLET_HEADS.
OUTLETS = (
    "cnn", "bbc", "nbc", "abc", "cbs", "msnbc", "npr", "pbs", "ap", "afp", "upi", "dpa", "tass", "rt", "nyt", "wsj",
    "wion", "wamu", "itv", "pti", "ani", "ndtv", "irna", "isna", "sana", "wafa", "kcna", "anadolu", "xinhua",
    "reuters", "sputnik", "interfax", "politico", "axios", "newsweek", "bloomberg", "al jazeera", "aljazeera",
    "al-jazeera", "al arabiya", "al-arabiya", "associated press", "press association", "agence france-presse",
    "washington post", "new york times", "wall street journal", "guardian", "telegraph", "independent", "economist",
    "spectator", "atlantic", "new yorker", "le monde", "le figaro", "der spiegel", "spiegel", "bild", "die welt",
    "el pais", "la repubblica", "haaretz", "insider", "business insider", "buzzfeed", "huffpost", "vox", "fox",
    "sky", "tolo", "khaama", "pajhwok", "ariana", "dawn", "hindu", "the hindu", "kyodo", "yonhap", "ria novosti",
    "ria", "unian", "ukrinform", "suspilne", "meduza", "bellingcat", "channel 4", "euronews", "deutsche welle",
    "dw", "france 24", "france24", "voice of america", "voa", "radio free europe", "rferl", "the times",
    "daily mail", "mailonline", "daily mirror", "the sun", "usa today", "los angeles times", "la times", "ctv",
    "cbc", "rte", "zdf", "ard", "rai", "nhk", "abc news", "the hill", "the intercept", "the daily beast",
    "daily beast", "middle east eye", "l'orient", "al-monitor", "al monitor", "ynet", "jerusalem post",
    "times of israel",
)  # fmt: skip
OUTLET_HEADS = word_set(
    "news times post journal press tv radio television newspaper magazine gazette herald tribune telegraph "
    "guardian mail chronicle observer agency newswire broadcaster media online today weekly daily monitor podcast "
    "network channel courier dispatch express star bulletin examiner inquirer mirror globe wire gazette broadcasting"
)
# Generic listeners: no relay.
LISTENERS = word_set(
    "reporters journalists lawmakers parliament congress senators legislators us me him her them you members "
    "people supporters audiences parliamentarians mps correspondents viewers listeners everyone americans "
    "followers"
)
# Person nouns in the plural, which need no article.
PLURAL_HEADS = word_set(
    "officials witnesses eyewitnesses residents survivors sources experts analysts authorities doctors medics "
    "police spokesmen spokespersons spokespeople locals activists lawyers relatives families family villagers "
    "soldiers troops militants rebels fighters insurgents commanders generals ministers lawmakers senators "
    "critics observers aides diplomats investigators prosecutors paramedics rescuers workers volunteers "
    "neighbours neighbors parents passengers evacuees refugees migrants students teachers journalists reporters "
    "media historians economists scientists researchers opponents supporters campaigners organisers organizers "
    "employees staff people others reports republicans democrats leaders elders protesters demonstrators victims "
    "observers monitors insiders veterans officers advocates groups agencies countries governments men women "
    "guards pilots drivers figures members allies admirals westerners"
)
# Person nouns in the singular: with a person's name not given, an office or an unnamed one.
ROLES = word_set(
    "pm spokesman spokeswoman spokesperson commander general president minister secretary official officer witness "
    "eyewitness resident survivor source expert analyst doctor medic nurse lawyer relative father mother brother "
    "sister son daughter man woman boy girl villager soldier militant rebel fighter insurgent colonel major "
    "captain lieutenant sergeant admiral brigadier lawmaker senator congressman congresswoman mp governor mayor "
    "ambassador envoy director chairman chairwoman chair chief head leader deputy adviser advisor aide diplomat "
    "investigator prosecutor paramedic rescuer worker volunteer neighbour neighbor parent passenger evacuee "
    "refugee migrant student teacher journalist reporter correspondent historian economist scientist researcher "
    "professor author critic opponent supporter campaigner organiser organizer employee member coordinator "
    "co-ordinator representative judge king queen prince princess pope archbishop bishop imam premier chancellor "
    "commissioner elder protester demonstrator victim owner driver shopkeeper farmer trader guard pilot host "
    "presenter anchor editor activist founder manager superintendent inspector sheriff veteran one another person "
    "moderator someone somebody anyone nobody mum dad grandfather grandmother administrator operator senator boss "
    "surgeon interpreter translator contractor cousin uncle aunt husband wife widow cleric priest pastor vicar nun "
    "missionary preacher cardinal midwife ambulanceman policeman policewoman constable seaman sailor skipper fisherman "
    "firefighter guide vendor merchant clerk lecturer academic pensioner householder sergeant bystander onlooker "
    "attacker kidnapper hostage captive detainee prisoner gunman bomber jihadist serviceman servicewoman citizen "
    "expatriate tourist traveller traveler mourner worshipper responder holidaymaker commuter"
)
NO_PLURAL = word_set("one another person someone somebody anyone nobody head host guide wife chief father mother")
PLURAL_HEADS |= {  # bishops, sergeants …
    role + "s" for role in ROLES - NO_PLURAL if role[-1] not in "ysh" and role[-3:] != "man"
}
WOMAN = word_set(
    "ms mrs miss spokeswoman congresswoman chairwoman queen princess dame baroness lady mother sister woman girl wife"
)
MAN = word_set("mr sir lord spokesman congressman chairman king prince father brother man boy husband imam mullah shri")
# Given names that tell the gender, where the text does not; a few hundred would be wrong as often.
WOMEN = word_set(
    "jen jennifer mary anna anne maria sarah emily nicolle nicole elizabeth liz hillary nancy susan karen lisa "
    "laura julia angela kamala michelle samantha linda jessica rachel emma kate katie victoria olga natalia iryna "
    "irina oksana svetlana tatiana yulia fatima aisha mariam maryam zahra leila layla zainab amina ursula "
    "christine marianne catherine caroline diana helen jane joanna margaret marie martha sandra sonali theresa "
    "stephanie priya sushma nirmala clarissa farida"
)
MEN = word_set(
    "joe joseph john james michael david robert richard william thomas mark paul peter george kenneth frank lloyd "
    "jake anthony antony donald barack boris vladimir volodymyr sergei sergey dmitry viktor ali ahmed ahmad "
    "mohammed muhammad mohammad mohamed abdul abdullah hassan hussein omar osama ibrahim khalid yusuf zabihullah "
    "ashraf hamid benjamin emmanuel olaf justin narendra imran bashar recep jens stephen steven charles edward "
    "henry martin kevin brian daniel ned patrick dominic ben tom mike jim bill bob chris zalmay pascal filippo "
    "tedros ismail yahya rishi keir philip simon"
)
# Never the end of a subject; a subject does not reach over them.
STOP = word_set(
    "that which who whom whose what when where while as if because but or so than then is was were are be been "
    "being am will would could should may might can must shall not to by said says told into about after before "
    "since until though although however meanwhile also just only even during amid despite between through "
    "against under over within without where why how whether there here do does did has have had having go goes "
    "went gone make makes made get gets got let met saw heard seen spoke began become became remains remain "
    "including included killed wounded injured like unlike upon via per using saying adding citing following yet "
    "nor either neither out up down off back never always still"
)
PREPOSITIONS = word_set("of for from at in with on near inside outside to across around")
DETERMINERS = word_set(
    "the a an his her their its our my your this these those another each every some many several both all no"
)
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "both": 2,
}  # fmt: skip
# A paper by which somebody speaks: it stands for whoever spoke last.
PAPERS = word_set(
    "statement message letter tweet post report announcement communique readout release declaration note email "
    "e-mail memo communication bulletin leaflet handout"
)
ADVERBS = word_set(
    "also further later then earlier reportedly previously repeatedly publicly both all again now first "
    "immediately quickly once has have had reportedly recently however separately too initially officially "
    "finally simply flatly briefly bluntly already explicitly specifically subsequently additionally since often "
    "frequently angrily tearfully firmly reluctantly clearly openly privately rightly wrongly merely still always "
    "never-before himself herself themselves itself today yesterday tonight overnight mistakenly falsely strongly "
    "sharply swiftly promptly jointly likewise similarly furthermore meanwhile therefore thus instead afterwards "
    "afterward ruefully calmly duly"
)
PRONOUNS = word_set("he she they it we i you")
DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow mon tue tues wed "
    "thu thurs fri sat sun january february march april june july august september october november december jan "
    "jan. feb feb. aug aug. sept sept. sep sep. oct oct. nov nov. dec dec."
)
