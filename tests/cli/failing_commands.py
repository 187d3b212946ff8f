"""Commands that end with status 2 (wrong usage) and with status 1 (the user can mend it)."""

TABLE = ("--audio", "table")
SCORE = ("score", "small", *TABLE)
TRAIN = ("train", "small", "--model", "mlp-vae:table")
WRONG_USAGE = [
    (),
    ("dance",),
    ("score",),
    ("score", "small", "again"),
    ("score", "small", "--sed", "1"),
    ("score", "small", "--seed"),
    (*SCORE, "--seed", "-1"),
    (*SCORE, "--seed", "x"),
    (*SCORE, "--seed", "4294967296"),
    ("map", "small", "--seed", "-1", "--out", "x.html"),
    ("export", "small", "--seed", "-1", "--out", "x.m3u"),
    (*SCORE, "--seeds", "0"),
    (*SCORE, "--seeds", "1.5"),
    (*TRAIN, "--folds", "-1"),
    *((*SCORE, "--n-clusters", k) for k in ("0", "-3", "1.5", "1e9", "many", "", "²", "9" * 5_000)),
    *((*SCORE, "--text-weight", weight) for weight in ("2", "-0.1", "nan", "inf", "half")),
    (*SCORE, "--fusion", "graph", "--text-weight", "0.5"),
    (*SCORE, "--cluster", "dbscan", "--n-clusters", "7"),
    (*SCORE, "--cluster", "ward", "--consensus", "20"),
    (*SCORE, "--set", "eps"),
    (*TRAIN, "--set", "epochs"),
    ("rename", "small"),
    ("delete",),
    ("search", "small"),
    ("search", "small", "x", "--limit", "0"),
    ("bench", "frontend", "--first-seed", "1"),
    ("bench", "fusion", "--first-seed", "-1"),
    ("add", "small.csv", "--name", "small", "--on", "a"),
    ("transcribe", "small", "--batch-size", "0"),
]


TO_MEND = [
    (("score", "nothing", *TABLE), "there is no collection 'nothing'"),
    (("score", "", *TABLE), "can't name a collection"),
    (("score", "../small", *TABLE), "can't name a collection"),
    (("list", "a/b"), "can't name a collection"),
    (("rename", "nothing", "x"), "there is no collection 'nothing' to rename; there are small"),
    (("rename", "small", "small"), "there is a collection 'small' already"),
    (("rename", "small", "a/b"), "can't name a collection"),
    (("refresh", "nothing"), "there is no collection 'nothing'"),
    (("refresh", "../small"), "can't name a collection"),
    (("delete", "nothing"), "there is no collection 'nothing' to remove; there are small"),
    (("delete", "small"), "audio files and checkpoints trained on it stay. Run it again with --yes"),
    (("delete", "a/b", "--yes"), "can't name a collection"),
    (("add", "small.csv", "--name", ""), "can't name a collection"),
    (("add", "small.csv", "--name", "a/b"), "can't name a collection"),
    (("add", "", "--name", "x"), "there is no ''"),
    (("add", "~nobody-of-this-name", "--name", "x"), "there is no '~nobody"),
    (("add", "nowhere", "--name", "x"), "nowhere"),
    (("add", "file", "--name", "x"), "file"),
    (("score", "small", "--audio", "x" * 300), "no extractor, no model and no checkpoint"),
    (("score", "small", "--audio", "a/b"), "no extractor"),
    (("score", "small", "--audio", "line\nbreak"), "no extractor"),
    (("score", "small", "--text", ""), "choose an audio"),
    (("score", "small", "--text", "tfidf"), "small has 0 tracks with text"),
    ((*SCORE, "--fusion", "magic"), "unknown fusion 'magic'"),
    ((*SCORE, "--cluster", "magic"), "unknown clusterer 'magic'"),
    ((*SCORE, "--label-by", "magic"), "label_by='magic'"),
    ((*SCORE, "--label-by", "coarse"), "coarse group"),
    (("map", "small", *TABLE, "--projection", "magic", "--out", "x.html"), "magic"),
    ((*SCORE, "--consensus", "2"), "consensus=2 must be 0 (off), or 3 runs or more"),
    ((*SCORE, "--n-clusters", "1000000000"), "more clusters than there are tracks (12)"),
    ((*SCORE, "--set", "eps=3"), "no setting 'eps'"),
    ((*SCORE, "--set", "=3"), "no setting ''"),
    ((*SCORE, "--set", "n_init=x"), "n_init='x'"),
    ((*SCORE, "--set", "n_init=0"), "n_init=0"),
    ((*SCORE, "--set", "fusion.magic=3"), "no setting 'magic'"),
    ((*SCORE, "--cluster", "dbscan", "--set", "eps=nan"), "eps=nan"),
    ((*SCORE, "--cluster", "dbscan", "--set", "min_samples=-1"), "min_samples=-1"),
    *(
        ((*TABLE_EXPORT, "--only-cluster", number), f"cluster {number} doesn't exist")
        for TABLE_EXPORT in [("export", "small", *TABLE, "--n-clusters", "2", "--out", "x.parquet")]
        for number in ("0", "999", "-1")
    ),
    *(
        (("export", "small", *TABLE, "--out", out), said)
        for out, said in (
            ("no/x.m3u", "doesn't exist"),
            ("file/x.m3u", "doesn't exist"),
            ("folder.m3u", "is a folder"),
            ("x", "must end in"),
            ("", "must end in"),
            ("x.doc", "must end in"),
            ("x" * 300 + ".m3u", "name too long"),
            ("x.m3u", "has audio"),
        )
    ),
    *(
        (("map", "small", *TABLE, "--out", out), said)
        for out, said in (("no/x.html", "doesn't exist"), ("x.m3u", "must end in"))
    ),
    (("train", "small", "--model", ""), "unknown model ''"),
    (("train", "small", "--model", "dance"), "conv-vae"),
    (("train", "small", "--model", "conv-vae:table"), "can't read 'table'"),
    ((*TRAIN, "--folds", "1"), "predict genres or labels"),
    ((*TRAIN, "--set", "seed=-1"), "seed=-1"),
    ((*TRAIN, "--set", "epochs=0"), "epochs=0"),
    ((*TRAIN, "--set", "lr=nan"), "lr=nan"),
    *(
        ((*TRAIN, "--set", "epochs=1", "--out", out), said)
        for out, said in (
            ("x.bin", "must end in .safetensors"),
            ("no/x.safetensors", "doesn't exist"),
            ("file/x.safetensors", "doesn't exist"),
            ("x" * 300 + ".safetensors", "name too long"),
            ("~nobody-of-this-name/x.safetensors", "doesn't exist"),
            ("", "must end in"),
        )
    ),
    (("search", "small", " "), "the phrase to search for is empty"),
    (("search", "small", "--like", "waltz"), "no track of small"),
    (("search", "small", "waltz \udcff"), "not valid Unicode: 'waltz \\udcff'"),
    (("search", "small", "--like", "\udcff"), "not valid Unicode: '\\udcff'"),
    (("search", "small", "\udcff", "--through", "words"), "the phrase to search for is not valid Unicode"),
    (("search", "small", "--like", ""), "no track of small"),
    (("search", "small", "x", "--through", "magic"), "through='magic' is not supported"),
    (("caption", "small", "--with", "magic"), "magic"),
    (("caption", "small", "--genre", "magic"), "magic"),
    (("caption", "nothing"), "nothing"),
    (("transcribe", "nothing"), "nothing"),
    (("bench", "magic"), "frontend"),
    (("bench", "fusion", "--cue-reliability", "nan"), "cue_reliability"),
    (("run-job", "nothing"), "there is no job 'nothing'"),
    (("run-job", ""), "there is no job ''"),
    (("run-job", "../.."), "there is no job"),
]
