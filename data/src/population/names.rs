//! What customers are called, by the region their country belongs to.

/// Countries whose names are drawn from the same lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    English,
    Germanic,
    Romance,
    Slavic,
    Asian,
    Levantine,
}

/// Names of one region, the most common first.
pub(super) struct Names {
    pub(super) female: [&'static str; 12],
    pub(super) male: [&'static str; 12],
    pub(super) last: [&'static str; 20],
}

impl Region {
    /// The names of the region.
    pub(super) fn names(self) -> &'static Names {
        &NAMES[self as usize]
    }
}

/// In the order of [`Region`].
#[rustfmt::skip]
static NAMES: [Names; 6] = [
    Names {
        female: ["Olivia", "Emma", "Amelia", "Charlotte", "Sophia", "Grace", "Emily", "Hannah", "Lucy", "Abigail", "Megan", "Chloe"],
        male: ["James", "William", "Oliver", "Jack", "Thomas", "Henry", "Samuel", "Daniel", "Matthew", "Ryan", "Luke", "George"],
        last: ["Smith", "Jones", "Williams", "Brown", "Taylor", "Davies", "Wilson", "Evans", "Thomas", "Johnson",
            "Roberts", "Walker", "Wright", "Robinson", "Thompson", "White", "Hughes", "Edwards", "Green", "Hall"],
    },
    Names {
        female: ["Anna", "Lena", "Marie", "Julia", "Laura", "Sarah", "Katharina", "Ingrid", "Astrid", "Freja", "Sanne", "Greta"],
        male: ["Lukas", "Jonas", "Felix", "Paul", "Maximilian", "Stefan", "Lars", "Erik", "Sven", "Jan", "Nils", "Henrik"],
        last: ["Mueller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Hoffmann", "Jansen",
            "Hansen", "Andersson", "Nielsen", "Johansson", "Larsen", "Berg", "Vries", "Bakker", "Lindqvist", "Keller"],
    },
    Names {
        female: ["Maria", "Sofia", "Giulia", "Chiara", "Camille", "Louise", "Lucia", "Carmen", "Elena", "Beatriz", "Ines", "Manon"],
        male: ["Luca", "Marco", "Hugo", "Louis", "Mateo", "Diego", "Carlos", "Pedro", "Antoine", "Julien", "Andrea", "Joao"],
        last: ["Garcia", "Martinez", "Lopez", "Rossi", "Russo", "Ferrari", "Silva", "Santos", "Oliveira", "Martin",
            "Bernard", "Dubois", "Moreau", "Laurent", "Fernandez", "Gonzalez", "Costa", "Pereira", "Popescu", "Esposito"],
    },
    Names {
        female: ["Zofia", "Katarzyna", "Agnieszka", "Magdalena", "Tereza", "Eva", "Petra", "Ivana", "Milena", "Olga", "Natalia", "Dora"],
        male: ["Jakub", "Piotr", "Tomasz", "Marek", "Jan", "Pavel", "Martin", "Ivan", "Nikola", "Milan", "Andrej", "Gabor"],
        last: ["Nowak", "Kowalski", "Wisniewski", "Novak", "Svoboda", "Dvorak", "Horvath", "Nagy", "Kovac", "Ivanov",
            "Petrov", "Dimitrov", "Horvat", "Babic", "Zielinski", "Wojcik", "Prochazka", "Toth", "Szabo", "Maric"],
    },
    Names {
        female: ["Yui", "Hina", "Sakura", "Mei", "Ling", "Jisoo", "Minji", "Priya", "Ananya", "Kavya", "Aoi", "Xin"],
        male: ["Haruto", "Ren", "Kenji", "Wei", "Jun", "Minho", "Jaehyun", "Arjun", "Rohan", "Vikram", "Hiroshi", "Kai"],
        last: ["Sato", "Suzuki", "Tanaka", "Watanabe", "Kim", "Lee", "Park", "Choi", "Sharma", "Patel",
            "Singh", "Kumar", "Chen", "Wang", "Tan", "Lim", "Ito", "Yamamoto", "Gupta", "Nair"],
    },
    Names {
        female: ["Zeynep", "Elif", "Aylin", "Fatma", "Leyla", "Mariam", "Nour", "Yasmin", "Amira", "Defne", "Salma", "Rania"],
        male: ["Mehmet", "Mustafa", "Emre", "Can", "Omar", "Yusuf", "Ahmed", "Karim", "Hassan", "Ali", "Tarek", "Kerem"],
        last: ["Yilmaz", "Kaya", "Demir", "Celik", "Sahin", "Yildiz", "Aydin", "Ozturk", "Hassan", "Ibrahim",
            "Mahmoud", "Khalil", "Mansour", "Haddad", "Nasser", "Saleh", "Aksoy", "Polat", "Farouk", "Aziz"],
    },
];
