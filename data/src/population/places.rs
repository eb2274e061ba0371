//! Where customers live: countries, their cities, the languages spoken there.
//!
//! 40 countries of very different size; each has 8 cities, each city its districts, together 1,920 places. The first
//! of a list is the most common.

use super::names::Region::{self, Asian, English, Germanic, Levantine, Romance, Slavic};
use crate::random::{Random, Ranked};

/// A country as it is written down: code, weight, calling code, the region of its names, languages, cities.
type Row = (&'static str, f64, &'static str, Region, &'static [(&'static str, f64)], [&'static str; 8]);

/// What follows a city's name; the city as a whole comes first.
const DISTRICTS: [&str; 6] = ["", " North", " South", " East", " West", " Old Town"];

/// A country with what is needed to draw from it.
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) calling_code: &'static str,
    pub(super) region: Region,
    languages: (Vec<&'static str>, Ranked),
    /// Cities first, then the districts of all of them.
    pub(super) places: Vec<String>,
}

impl Country {
    /// A language spoken there.
    pub(super) fn language(&self, random: &mut Random) -> &'static str {
        self.languages.0[self.languages.1.draw(random)]
    }
}

/// All countries, and how common each is.
pub(super) fn countries() -> (Vec<Country>, Ranked) {
    let countries = COUNTRIES.iter().map(|&(code, _, calling_code, region, languages, cities)| Country {
        code,
        calling_code,
        region,
        languages: (languages.iter().map(|row| row.0).collect(), Ranked::weighted(languages.iter().map(|row| row.1))),
        places: DISTRICTS.iter().flat_map(|part| cities.map(|city| format!("{city}{part}"))).collect(),
    });
    (countries.collect(), Ranked::weighted(COUNTRIES.iter().map(|row| row.1)))
}

/// How common the places of a country are: the same law everywhere.
pub(super) fn place_ranks() -> Ranked {
    Ranked::zipf(8 * DISTRICTS.len(), 0.9)
}

#[rustfmt::skip]
const COUNTRIES: [Row; 40] = [
    ("US", 220.0, "1", English, &[("en", 88.0), ("es", 12.0)], ["New York", "Los Angeles", "Chicago", "Houston", "Phoenix", "Philadelphia", "San Antonio", "Seattle"]),
    ("DE", 150.0, "49", Germanic, &[("de", 92.0), ("tr", 4.0), ("en", 4.0)], ["Berlin", "Hamburg", "München", "Köln", "Frankfurt", "Stuttgart", "Leipzig", "Bremen"]),
    ("GB", 110.0, "44", English, &[("en", 97.0), ("pl", 3.0)], ["London", "Birmingham", "Manchester", "Leeds", "Glasgow", "Liverpool", "Bristol", "Cardiff"]),
    ("FR", 85.0, "33", Romance, &[("fr", 96.0), ("ar", 4.0)], ["Paris", "Marseille", "Lyon", "Toulouse", "Nice", "Nantes", "Bordeaux", "Lille"]),
    ("IT", 60.0, "39", Romance, &[("it", 97.0), ("de", 3.0)], ["Roma", "Milano", "Napoli", "Torino", "Palermo", "Genova", "Bologna", "Firenze"]),
    ("ES", 55.0, "34", Romance, &[("es", 85.0), ("ca", 15.0)], ["Madrid", "Barcelona", "Valencia", "Sevilla", "Zaragoza", "Málaga", "Murcia", "Bilbao"]),
    ("NL", 40.0, "31", Germanic, &[("nl", 94.0), ("en", 6.0)], ["Amsterdam", "Rotterdam", "Den Haag", "Utrecht", "Eindhoven", "Groningen", "Tilburg", "Almere"]),
    ("CA", 38.0, "1", English, &[("en", 77.0), ("fr", 23.0)], ["Toronto", "Montréal", "Vancouver", "Calgary", "Edmonton", "Ottawa", "Winnipeg", "Québec"]),
    ("BR", 36.0, "55", Romance, &[("pt", 99.0), ("es", 1.0)], ["São Paulo", "Rio de Janeiro", "Brasília", "Salvador", "Fortaleza", "Belo Horizonte", "Manaus", "Curitiba"]),
    ("PL", 34.0, "48", Slavic, &[("pl", 97.0), ("uk", 3.0)], ["Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Szczecin", "Lublin"]),
    ("AU", 30.0, "61", English, &[("en", 96.0), ("zh", 4.0)], ["Sydney", "Melbourne", "Brisbane", "Perth", "Adelaide", "Canberra", "Hobart", "Darwin"]),
    ("AT", 27.0, "43", Germanic, &[("de", 95.0), ("tr", 5.0)], ["Wien", "Graz", "Linz", "Salzburg", "Innsbruck", "Klagenfurt", "Villach", "Wels"]),
    ("CH", 25.0, "41", Germanic, &[("de", 63.0), ("fr", 26.0), ("it", 11.0)], ["Zürich", "Genève", "Basel", "Lausanne", "Bern", "Winterthur", "Luzern", "Lugano"]),
    ("BE", 24.0, "32", Romance, &[("nl", 58.0), ("fr", 40.0), ("de", 2.0)], ["Bruxelles", "Antwerpen", "Gent", "Charleroi", "Liège", "Brugge", "Namur", "Leuven"]),
    ("SE", 23.0, "46", Germanic, &[("sv", 95.0), ("en", 5.0)], ["Stockholm", "Göteborg", "Malmö", "Uppsala", "Västerås", "Örebro", "Linköping", "Helsingborg"]),
    ("MX", 22.0, "52", Romance, &[("es", 99.0), ("en", 1.0)], ["Ciudad de México", "Guadalajara", "Monterrey", "Puebla", "Tijuana", "León", "Mérida", "Querétaro"]),
    ("JP", 20.0, "81", Asian, &[("ja", 99.0), ("en", 1.0)], ["Tokyo", "Yokohama", "Osaka", "Nagoya", "Sapporo", "Fukuoka", "Kobe", "Kyoto"]),
    ("TR", 18.0, "90", Levantine, &[("tr", 97.0), ("ar", 3.0)], ["İstanbul", "Ankara", "İzmir", "Bursa", "Antalya", "Adana", "Konya", "Gaziantep"]),
    ("DK", 16.0, "45", Germanic, &[("da", 95.0), ("en", 5.0)], ["København", "Aarhus", "Odense", "Aalborg", "Esbjerg", "Randers", "Kolding", "Horsens"]),
    ("NO", 15.0, "47", Germanic, &[("no", 95.0), ("en", 5.0)], ["Oslo", "Bergen", "Trondheim", "Stavanger", "Drammen", "Fredrikstad", "Tromsø", "Bodø"]),
    ("CZ", 14.0, "420", Slavic, &[("cs", 98.0), ("sk", 2.0)], ["Praha", "Brno", "Ostrava", "Plzeň", "Liberec", "Olomouc", "Hradec Králové", "Zlín"]),
    ("PT", 13.0, "351", Romance, &[("pt", 99.0), ("en", 1.0)], ["Lisboa", "Porto", "Braga", "Coimbra", "Funchal", "Setúbal", "Aveiro", "Faro"]),
    ("IE", 12.0, "353", English, &[("en", 98.0), ("ga", 2.0)], ["Dublin", "Cork", "Limerick", "Galway", "Waterford", "Drogheda", "Dundalk", "Sligo"]),
    ("FI", 11.0, "358", Germanic, &[("fi", 93.0), ("sv", 7.0)], ["Helsinki", "Espoo", "Tampere", "Vantaa", "Oulu", "Turku", "Jyväskylä", "Lahti"]),
    ("IN", 11.0, "91", Asian, &[("hi", 55.0), ("en", 45.0)], ["Mumbai", "Delhi", "Bengaluru", "Hyderabad", "Chennai", "Kolkata", "Pune", "Jaipur"]),
    ("AR", 10.0, "54", Romance, &[("es", 99.0), ("it", 1.0)], ["Buenos Aires", "Córdoba", "Rosario", "Mendoza", "La Plata", "Tucumán", "Salta", "Santa Fe"]),
    ("GR", 9.0, "30", Romance, &[("el", 98.0), ("en", 2.0)], ["Athína", "Thessaloníki", "Pátra", "Irákleio", "Lárisa", "Vólos", "Ioánnina", "Chaniá"]),
    ("RO", 9.0, "40", Romance, &[("ro", 94.0), ("hu", 6.0)], ["București", "Cluj-Napoca", "Timișoara", "Iași", "Constanța", "Craiova", "Brașov", "Oradea"]),
    ("HU", 8.0, "36", Slavic, &[("hu", 99.0), ("de", 1.0)], ["Budapest", "Debrecen", "Szeged", "Miskolc", "Pécs", "Győr", "Eger", "Sopron"]),
    ("ZA", 8.0, "27", English, &[("en", 70.0), ("af", 30.0)], ["Johannesburg", "Cape Town", "Durban", "Pretoria", "Bloemfontein", "Polokwane", "Kimberley", "Knysna"]),
    ("KR", 7.0, "82", Asian, &[("ko", 99.0), ("en", 1.0)], ["Seoul", "Busan", "Incheon", "Daegu", "Daejeon", "Gwangju", "Suwon", "Ulsan"]),
    ("NZ", 6.0, "64", English, &[("en", 97.0), ("mi", 3.0)], ["Auckland", "Wellington", "Christchurch", "Hamilton", "Tauranga", "Dunedin", "Napier", "Nelson"]),
    ("SK", 5.0, "421", Slavic, &[("sk", 92.0), ("hu", 8.0)], ["Bratislava", "Košice", "Prešov", "Žilina", "Nitra", "Trnava", "Martin", "Trenčín"]),
    ("AE", 5.0, "971", Levantine, &[("ar", 60.0), ("en", 40.0)], ["Dubai", "Abu Dhabi", "Sharjah", "Al Ain", "Ajman", "Fujairah", "Khor Fakkan", "Dibba"]),
    ("SG", 4.0, "65", Asian, &[("en", 60.0), ("zh", 40.0)], ["Downtown", "Bedok", "Tampines", "Jurong", "Woodlands", "Hougang", "Yishun", "Clementi"]),
    ("CL", 4.0, "56", Romance, &[("es", 99.0), ("en", 1.0)], ["Santiago", "Valparaíso", "Concepción", "Antofagasta", "Temuco", "Iquique", "Rancagua", "Arica"]),
    ("HR", 3.0, "385", Slavic, &[("hr", 99.0), ("it", 1.0)], ["Zagreb", "Split", "Rijeka", "Osijek", "Zadar", "Pula", "Karlovac", "Dubrovnik"]),
    ("BG", 3.0, "359", Slavic, &[("bg", 95.0), ("tr", 5.0)], ["Sofia", "Plovdiv", "Varna", "Burgas", "Ruse", "Pleven", "Sliven", "Dobrich"]),
    ("EG", 2.0, "20", Levantine, &[("ar", 98.0), ("en", 2.0)], ["Cairo", "Alexandria", "Giza", "Luxor", "Aswan", "Port Said", "Suez", "Ismailia"]),
    ("IS", 1.0, "354", Germanic, &[("is", 95.0), ("en", 5.0)], ["Reykjavík", "Kópavogur", "Hafnarfjörður", "Akureyri", "Selfoss", "Akranes", "Húsavík", "Ísafjörður"]),
];
