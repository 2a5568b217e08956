/** Words of headers and descriptions, as they come: lower case, punctuation and camel case broken up. */
export function wordsOf(...texts: readonly (string | undefined)[]): string {
  return ` ${texts
    .filter((text) => text !== undefined)
    .join(' ')
    .replace(/([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

export const chestWords = / (chest|thorax|thoracic|torax|cxr|lungs?|poumons?|lunge|rx tx|brustkorb) /;
export const otherBodyWords =
  / (leg|knee|foot|ankle|hand|wrist|elbow|shoulder|humerus|femur|tibia|hip|pelvis|abdomen|abd|kub|skull|sinus|mandible|spine|cspine|lspine|cervical|lumbar|head|neck|breast|mammo\w*|extremity|finger|toe|clavicle|rib|ribs|scapula|sternum) /;
export const lateralWords =
  / (lateral|lat|ll|rl|llo|rlo|lao|rao|oblique|profil|seitlich|decubitus|decub|apical|lordotic) /;
export const frontalWords = / (pa|ap|frontal|posteroanterior|anteroposterior|portable|bedside|supine|mobile) /;
export const derivedWords =
  / (derived|secondary|enhanced|processed|bone suppressed|suppression|cad|overlay|report|dose|presentation state|thumbnail|subtracted|stitched|localizer|scout) /;
