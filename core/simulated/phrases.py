"""Short phrases about music and what songs are about, written for this project: six themes in three languages.

The phrases of a theme mean about the same in each language, in the same order.
"""

PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "love": (
            "your name is the only song I know", "hold my hand until the morning", "I loved you before the first word",
            "two hearts on one slow beat", "stay with me a little longer", "your voice is honey in the dark",
            "every letter I wrote was for you", "my heart keeps your time",
        ),
        "night": (
            "under the quiet city lights", "the moon is late again tonight", "stars are falling on the roof",
            "I can't sleep when the radio plays", "midnight hums an old refrain", "neon dreams on an empty street",
            "the dark is singing soft and low", "we talked until the night was gone",
        ),
        "rain": (
            "rain is drumming on the window", "clouds are rolling from the hills", "the river sings below the bridge",
            "thunder keeps the rhythm now", "the smell of earth when the first rain falls", "a grey sky over yellow fields",
            "drops are dancing on the leaves", "after the storm the birds return",
        ),
        "dance": (
            "turn the music up and dance", "feel the bass inside your chest", "clap your hands and stamp your feet",
            "the drummer never lets us go", "we spin until the floor is gone", "one more song before we leave",
            "guitars are burning on the stage", "everybody sing along tonight",
        ),
        "road": (
            "the road goes on beyond the hill", "I packed my songs and left at dawn", "a train is calling far away",
            "dust and sunlight on my shoes", "every mile is one more verse", "the wind is at my back again",
            "I'm leaving but I won't be long", "follow the white line to the sea",
        ),
        "home": (
            "mother sang beside the stove", "the old piano in the hall", "bread and coffee, open doors",
            "I still can hear the children play", "a candle in the window burns", "we carved our names into the tree",
            "grandfather tuned his violin", "bring me home, bring me home",
        ),
    },
    "es": {
        "love": (
            "tu nombre es la única canción que sé", "toma mi mano hasta la mañana", "te quise antes de la primera palabra",
            "dos corazones en un solo compás", "quédate conmigo un poco más", "tu voz es miel en la oscuridad",
            "cada carta que escribí era para ti", "mi corazón late a tu ritmo",
        ),
        "night": (
            "bajo las luces calladas de la ciudad", "la luna llega tarde otra vez", "caen estrellas sobre el tejado",
            "no puedo dormir si suena la radio", "la medianoche tararea un viejo estribillo", "sueños de neón en la calle vacía",
            "la noche canta en voz muy baja", "hablamos hasta que se fue la noche",
        ),
        "rain": (
            "la lluvia toca el tambor en la ventana", "vienen nubes desde las montañas", "el río canta debajo del puente",
            "el trueno marca ahora el compás", "huele a tierra con la primera lluvia", "un cielo gris sobre campos dorados",
            "bailan las gotas entre las hojas", "tras la tormenta vuelven los pájaros",
        ),
        "dance": (
            "sube la música y ven a bailar", "siente el bajo dentro del pecho", "da palmas y golpea con los pies",
            "el tambor no nos deja parar", "giramos hasta perder el suelo", "una canción más y nos vamos",
            "arden guitarras en el escenario", "que todo el mundo cante esta noche",
        ),
        "road": (
            "el camino sigue más allá del cerro", "guardé mis canciones y salí al alba", "un tren me llama desde lejos",
            "polvo y sol en mis zapatos", "cada kilómetro es otro verso", "el viento vuelve a empujarme",
            "me voy, pero no tardaré", "sigue la línea blanca hasta el mar",
        ),
        "home": (
            "mi madre cantaba junto al fuego", "el viejo piano del pasillo", "pan y café, la puerta abierta",
            "aún oigo jugar a los niños", "arde una vela en la ventana", "grabamos los nombres en el árbol",
            "el abuelo afinaba su violín", "llévame a casa, llévame a casa",
        ),
    },
    "bn": {
        "love": (
            "তোমার নামই আমার একমাত্র গান", "ভোর পর্যন্ত আমার হাত ধরে রেখো", "প্রথম কথার আগেই তোমায় ভালোবেসেছি",
            "দুটি হৃদয় এক তালে বাজে", "আর একটু থেকে যাও আমার পাশে", "অন্ধকারে তোমার কণ্ঠ মধুর মতো",
            "সব চিঠি লিখেছি শুধু তোমার জন্য", "আমার মন তোমার সুরে বাঁধা",
        ),
        "night": (
            "শহরের নীরব আলোর নিচে", "আজও চাঁদ উঠতে দেরি করে", "ছাদের উপর তারা ঝরে পড়ে",
            "রেডিও বাজলে আমার ঘুম আসে না", "মাঝরাতে পুরোনো গান গুনগুন করি", "ফাঁকা পথে রঙিন স্বপ্ন জাগে",
            "রাত গান গায় খুব মৃদু স্বরে", "কথা বলতে বলতে রাত ফুরাল",
        ),
        "rain": (
            "জানালায় বৃষ্টির মাদল বাজে", "পাহাড় থেকে মেঘ ভেসে আসে", "সেতুর নিচে নদী গান গায়",
            "মেঘের ডাকে তাল মেলায় মন", "প্রথম বর্ষায় মাটির গন্ধ ওঠে", "হলুদ মাঠের উপর ধূসর আকাশ",
            "পাতায় পাতায় বৃষ্টির ফোঁটা নাচে", "ঝড়ের শেষে পাখিরা ফিরে আসে",
        ),
        "dance": (
            "গান বাজাও, এসো সবাই নাচি", "বুকের ভিতর ঢোলের শব্দ শোনো", "হাতে তালি দাও, পায়ে তাল রাখো",
            "ঢাকি আমাদের থামতে দেয় না", "ঘুরতে ঘুরতে মাটি হারিয়ে যায়", "যাওয়ার আগে আর একটি গান",
            "মঞ্চে আজ গিটার জ্বলে ওঠে", "আজ রাতে সবাই গলা মেলাও",
        ),
        "road": (
            "পাহাড় পেরিয়ে পথ চলে যায়", "গানগুলো বেঁধে ভোরে বেরিয়েছি", "দূর থেকে রেলগাড়ি আমায় ডাকে",
            "আমার জুতায় ধুলো আর রোদ", "প্রতি মাইলে আর একটি কবিতা", "হাওয়া আবার পিছন থেকে ঠেলে",
            "যাচ্ছি চলে, ফিরব তাড়াতাড়ি", "সাদা রেখা ধরে সাগরে চলো",
        ),
        "home": (
            "মা গাইতেন উনুনের পাশে বসে", "বারান্দার সেই পুরোনো হারমোনিয়াম", "দরজা খোলা, চায়ের গন্ধ আসে",
            "আজও শুনি শিশুদের খেলার শব্দ", "জানালায় একটি প্রদীপ জ্বলে", "গাছের গায়ে নাম লিখেছিলাম",
            "দাদু তাঁর বেহালায় সুর বাঁধতেন", "আমায় বাড়ি নিয়ে চলো, বাড়ি নিয়ে চলো",
        ),
    },
}  # fmt: skip
"""Phrases by language (ISO 639-1) and theme."""
