/** Names of the characters 160 to 255, in order (HTML 4, section 24.2). */
const latin1 = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute
micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil
Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute
Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute
icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`;

/** Greek letters, signs and punctuation as `name:character` (HTML 4, sections 24.3 and 24.4). */
const others = `quot:" amp:& lt:< gt:> apos:' Alpha:Α Beta:Β Gamma:Γ Delta:Δ Epsilon:Ε Zeta:Ζ Eta:Η Theta:Θ Iota:Ι Kappa:Κ
Lambda:Λ Mu:Μ Nu:Ν Xi:Ξ Omicron:Ο Pi:Π Rho:Ρ Sigma:Σ Tau:Τ Upsilon:Υ Phi:Φ Chi:Χ Psi:Ψ Omega:Ω alpha:α beta:β gamma:γ
delta:δ epsilon:ε zeta:ζ eta:η theta:θ iota:ι kappa:κ lambda:λ mu:μ nu:ν xi:ξ omicron:ο pi:π rho:ρ sigmaf:ς sigma:σ
tau:τ upsilon:υ phi:φ chi:χ psi:ψ omega:ω OElig:Œ oelig:œ Scaron:Š scaron:š Yuml:Ÿ fnof:ƒ circ:ˆ tilde:˜ ndash:– mdash:—
lsquo:‘ rsquo:’ sbquo:‚ ldquo:“ rdquo:” bdquo:„ dagger:† Dagger:‡ bull:• hellip:… permil:‰ prime:′ Prime:″ lsaquo:‹
rsaquo:› oline:‾ frasl:⁄ euro:€ trade:™ larr:← uarr:↑ rarr:→ darr:↓ harr:↔ lArr:⇐ uArr:⇑ rArr:⇒ dArr:⇓ hArr:⇔ forall:∀
part:∂ empty:∅ minus:− lowast:∗ radic:√ infin:∞ and:∧ or:∨ sim:∼ cong:≅ asymp:≈ ne:≠ equiv:≡ le:≤ ge:≥ leq:≤ geq:≥
sdot:⋅ lceil:⌈ rceil:⌉ lfloor:⌊ rfloor:⌋ loz:◊ check:✓ thinsp:\u2009 ensp:\u2002 emsp:\u2003 zwnj:\u200c zwj:\u200d
lrm:\u200e rlm:\u200f`;

const named: ReadonlyMap<string, string> = new Map([
  ...latin1.split(/\s+/).map((name, index) => [name, String.fromCharCode(160 + index)] as const),
  ...others.split(/\s+/).map((pair) => {
    const at = pair.indexOf(':');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  }),
]);

const predefined = new Set(['quot', 'amp', 'lt', 'gt', 'apos']);

/** One character by its number; what is no character, or one that nobody can see, is a replacement character. */
function numbered(digits: string): string {
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  const visible = (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff) || [9, 10, 13].includes(code);
  if (code >= 128 && code < 160) {
    // What browsers do: numbers of Windows-1252 are taken for its characters.
    return new TextDecoder('windows-1252').decode(Uint8Array.of(code));
  }
  return visible ? String.fromCodePoint(code) : '\ufffd';
}

/**
 * Text with its references resolved. HTML knows many names and leaves an unknown one as it stands; XML knows five, and
 * an unknown one is given to `unknown`, which may throw. Nothing is expanded twice.
 */
export function decodeEntities(text: string, html: boolean, unknown?: (name: string) => never): string {
  if (!text.includes('&')) {
    return text;
  }
  return text.replace(/&(?:#(\d{1,7}|[xX][\da-fA-F]{1,6})|([A-Za-z][A-Za-z\d]{1,31}));/g, (whole, digits, name) => {
    if (digits !== undefined) {
      return numbered(digits as string);
    }
    const known = html || predefined.has(name as string) ? named.get(name as string) : undefined;
    return known ?? unknown?.(name as string) ?? whole;
  });
}
