// Letters with marks, and letters of other scripts, in plain Latin ones.

const pairs = (text) => text.trim().split(/\s+/).map((pair) => [pair[0], pair.slice(2)]);

const LETTERS = new Map(pairs(`
  ß=ss æ=ae Æ=AE œ=oe Œ=OE ø=o Ø=O ł=l Ł=L đ=d Đ=D ð=d Ð=D þ=th Þ=Th ı=i ħ=h Ħ=H ŋ=ng Ŋ=NG ĸ=k ſ=s
  “=" ”=" „=,, «=<< »=>> ‘=' ’=' ‚=, ‹=< ›=> –=- —=-- ‐=- ‑=- ―=-- …=... •=* ·=* €=EU £=PS ¥=Y= ¢=C/
  ©=(c) ®=(r) ™=(tm) °=deg ±=+- ²=2 ³=3 ¹=1 µ=u ¶=P §=SS ×=x ÷=/ ¿=? ¡=! №=no ‰=%o →=- ←=- ¼=1/4 ½=1/2 ¾=3/4
  а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c
  ч=ch ш=sh щ=shch ы=y э=e ю=yu я=ya є=ye і=i ї=yi ґ=g ђ=dj љ=lj њ=nj ћ=c џ=dzh ј=j ѓ=gj ќ=kj ѕ=dz
  α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o
`));

// Hangul syllables are made of a first, a middle and a last sound.
const HANGUL = 0xac00;
const FIRST = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const MIDDLE = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu yi i'.split(' ');
const LAST = ' g kk gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j ch k t p h'.split(' ');

function hangul(sign) {
  const code = sign.codePointAt(0) - HANGUL;
  return FIRST[Math.floor(code / 588)] + MIDDLE[Math.floor((code % 588) / 28)] + LAST[code % 28];
}

function plainLetter(sign) {
  const known = LETTERS.get(sign);
  if (known !== undefined) return known;
  if (/[\uac00-\ud7a3]/.test(sign)) return hangul(sign);
  if (/[\p{Z}\u200b]/u.test(sign)) return ' ';
  const small = sign.toLowerCase();
  if (small !== sign && LETTERS.has(small)) {
    const plain = LETTERS.get(small);
    return plain[0].toUpperCase() + plain.slice(1);
  }
  if (!/[\p{L}\p{Nl}]/u.test(sign)) return '?';
  const bare = sign.normalize('NFKD').replace(/\p{M}/gu, '');
  return bare === sign ? '?' : plainLetters(bare);
}

export function plainLetters(text) {
  return Array.from(text.normalize('NFC'), (sign) => (sign.codePointAt(0) < 128 ? sign : plainLetter(sign))).join('');
}
