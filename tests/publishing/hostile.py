"""Texts that a return may hold and that no output may take for anything but text."""

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</style></script><!-- <b onclick='x'> -->",
    '#panic("x") $x$ *b* _i_ @ref <label> `raw` // c #{1+1} ]] [[ ))',
    '") #panic("x") //',
    "# h [a](javascript:alert(1)) ![x](http://e.x/y.png) ```{=typst} #panic() ```",
    "\\input{/etc/passwd} \\write18{ls} $$x$$ %\\end{document}",
    "a\x00b\x01\x1b[31m\x7f\x85\u202eevil\u2066",
    "W" * 10_000,
    "مرحبا بالعالم שלום",
    "天津经济技术开发区 東京 Đà Nẵng Ελλάδα Россия",
    "👍🏽🚀😀 flag 🇳🇴 👩\u200d💻 \U0001fae0",
    "=cmd|' /C calc'!A0",
    "a'b\"c&amp;d&#60;",
)
