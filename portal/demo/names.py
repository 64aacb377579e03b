"""Made-up people and sentences for the demonstration. No address, number or name is anybody's."""

FIRST_NAMES = (
    "Amina", "An", "Anke", "Ayşe", "Bart", "Blessing", "Charlotte", "Daria", "Dorien", "Elena",
    "Ellen", "Elke", "Emine", "Eva", "Fatima", "Fatoumata", "Femke", "Goedele", "Hanne", "Hind",
    "Ilse", "Imane", "Ines", "Inge", "Ivana", "Jana", "Jolien", "Kaat", "Karima", "Katrien",
    "Khadija", "Kim", "Laila", "Larissa", "Laura", "Leen", "Lies", "Liesbeth", "Lotte", "Łucja",
    "Maaike", "Maria", "Marijke", "Mehwish", "Mieke", "Mirela", "Nadia", "Naima", "Nele", "Nora",
    "Oksana", "Olena", "Petra", "Rania", "Roos", "Ruth", "Sabrina", "Salma", "Sara", "Selam",
    "Silke", "Sofie", "Stefanie", "Tigist", "Tine", "Tom", "Veerle", "Wafaa", "Yasmina", "Zeynep",
)  # fmt: skip
LAST_NAMES = (
    "Aerts", "Amrani", "Baert", "Bah", "Benali", "Bogaert", "Bosmans", "Callens", "Çelik", "Claes",
    "Coppens", "Cools", "De Backer", "De Clercq", "De Groote", "De Smet", "De Vos", "Demir",
    "Desmet", "Diallo", "El Khatib", "Engels", "Goossens", "Haddad", "Hendrickx", "Hermans",
    "Jacobs", "Janssens", "Kaya", "Kowalska", "Lambrechts", "Lemmens", "Maes", "Martens", "Mertens",
    "Michiels", "Moens", "Nguyen", "Ōta", "Peeters", "Petrenko", "Pieters", "Popescu", "Rahimi",
    "Şahin", "Segers", "Smets", "Stevens", "Tahiri", "Thijs", "Van Acker", "Van Damme",
    "Van den Bossche", "Van Hove", "Vandenberghe", "Verbeke", "Verhaeghe", "Vermeulen",
    "Verstraete", "Wauters", "Willems", "Wouters", "Yıldız", "Zaman",
)  # fmt: skip
CHILD_NAMES = (
    "Adam", "Aya", "Bas", "Emma", "Finn", "Ilyas", "Imran", "Jules", "Juna", "Kobe", "Lina",
    "Lou", "Louis", "Lowie", "Mila", "Mohamed", "Noor", "Nora", "Olivia", "Otis", "Rayan", "Renée",
    "Sam", "Senne", "Sofia", "Vic", "Yara", "Zoë",
)  # fmt: skip
QUESTIONS = (
    "Mama wil graag iemand die af en toe meegaat naar het consultatiebureau en de speelgroep.",
    "Even op adem komen: een paar uur waarin iemand met de oudste speelt terwijl de baby slaapt.",
    "Samen de post en de papieren van de school op orde krijgen.",
    "De ouders kennen niemand in de buurt en willen graag andere gezinnen leren kennen.",
    "Hulp bij het huiswerk van de oudste, want de schooltaal is thuis moeilijk.",
    "Een luisterend oor voor papa, die er sinds kort alleen voor staat.",
    "Iemand die toont welke hobby's er in de buurt zijn voor de kinderen en hoe je inschrijft.",
    "Nederlands oefenen in een gewoon gesprek, aan tafel of in het park.",
    "Steun bij het slapen en eten van de peuter; mama twijfelt of ze het goed doet.",
    "Na de geboorte van de tweeling wil mama graag wekelijks een paar extra handen en een babbel.",
    "Samen naar de bibliotheek en de speelotheek, want dat voelt nu nog als een drempel.",
    "Hulp om de weg te vinden naar de sociale dienst en de school.",
)
STRENGTHS = (
    "Warme band tussen mama en kinderen, altijd op tijd op afspraken.",
    "Papa kookt graag en trots, er is structuur in huis.",
    "De oudste helpt graag en is sociaal; de ouders staan open voor nieuwe mensen.",
    "Mama zoekt actief naar oplossingen en vraagt hulp als het nodig is.",
    "Sterk geloof in de toekomst van de kinderen, veel veerkracht na een moeilijk jaar.",
    "Goede contacten met de leerkracht en de onthaalmoeder.",
    "De ouders spreken samen vier talen en leren snel bij.",
    "Er is een oma die in het weekend soms bijspringt.",
)
CALL_MOMENTS = (
    "Op weekdagen voor 15 uur", "Liefst in de voormiddag", "Na 18 uur", "Woensdagnamiddag",
    "Eerst een sms sturen", "Gelijk wanneer",
)  # fmt: skip
VOLUNTEERS = (
    "Rita", "Jan", "Greet", "Mariam", "Luc", "Hilde", "Bea", "Ann", "Patrick", "Sonja",
    "Magda", "Youssef", "Lut", "Christel", "Johan", "Kristien",
)  # fmt: skip
NOTES = {
    "record_contact": (
        "Kort gebeld, het gezin is blij met het voorstel.",
        "Terugbellen afgesproken.",
    ),
    "plan_intake": ("Bij het gezin thuis.", "In het Huis van het Kind, met tolk.", ""),
    "accept": (
        "Mooi gesprek. De vraag past goed bij wat een vrijwilliger kan betekenen.",
        "Gezin kiest voor een vrijwilliger die in de buurt woont.",
        "Voorkeur voor een vaste namiddag, liefst niet op vrijdag.",
    ),
    "record_visit": ("Kennismaking aan huis, iedereen was erbij.", ""),
    "propose_match": ("Woont op tien minuten fietsen.", "Heeft ervaring met jonge kinderen."),
    "introduce": ("Het klikte meteen.", "Eerste afspraak ligt vast."),
    "decline": ("Besproken met de verwijzer.", ""),
}
ADVICE = (
    "Het CAW in de regio kan sneller en intensiever meegaan in deze vraag.",
    "De opvoedingswinkel van het Huis van het Kind biedt hiervoor gesprekken op afspraak.",
    "De dienst gezinszorg kan dagelijks praktische hulp bieden.",
    "Het CKG kan tijdelijk intensieve begeleiding aan huis geven.",
)
FUNCTIONS = (
    "Maatschappelijk werker", "Gezinsondersteuner", "Vroedvrouw", "Zorgleerkracht",
    "Verpleegkundige", "Brugfiguur", "Psycholoog", "Huisarts",
)  # fmt: skip
ACCESS = (
    "",
    "",
    "Bel van de buren gebruiken",
    "Derde verdieping, geen lift",
    "Ingang langs de tuin",
)
