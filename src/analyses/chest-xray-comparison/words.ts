/** Words of headers and descriptions, as they come: lower case, accents, punctuation and camel case broken up. */
export function wordsOf(...texts: readonly (string | undefined)[]): string {
  return ` ${texts
    .filter((text) => text !== undefined)
    .join(' ')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

export const chestWords =
  / (chest|thorax|thoracic|torax|torace|cxr|lungs?|pulmonary|poumons?|pulmones|polmoni|lungen?|rx tx|brustkorb|pecho|poitrine|borstkas) /;
export const otherBodyWords =
  / (leg|knee|foot|ankle|hand|wrist|elbow|shoulder|humerus|femur|tibia|hip|pelvis|abdomen|abd|kub|skull|sinus|mandible|spine|cspine|lspine|cervical|lumbar|head|neck|breast|mammo\w*|extremity|finger|toe|clavicle|rib|ribs|scapula|sternum|knie|schulter|becken|hufte|fuss|genou|epaule|bassin|rodilla|hombro|cadera|ginocchio|spalla) /;
export const lateralWords =
  / (lateral|lat|ll|rl|llo|rlo|lao|rao|lpo|rpo|oblique|profil|profile|perfil|seitlich|seitl|decubitus|decub|apical|lordotic) /;
export const frontalWords =
  / (pa|ap|frontal|front|face|posteroanterior|anteroposterior|portable|portatil|bedside|supine|mobile|liegend) /;
export const bedsideWords = / (portable|portatil|bedside|supine|mobile|liegend|bett|icu|intensive care|semi ?erect) /;
/** Not the film but something made from it, or the detector's values before they became one. */
export const derivedWords =
  / (derived|secondary|(?:(?:edge|tube|line|catheter|picc|pneumothorax|nodule) )?enhance(?:d|ment)|(?:re|post)?processe?d|re?processing|for processing|raw|unprocessed|bone (?:suppress\w*|subtract\w*|image|only)|(?:bone|soft tissue|tissue) selective|soft tissue (?:image|only)|suppression|dual energy|inverted|inverse|invert|negative|cad|heat ?map|annotated|mark ?up|screen ?(?:shot|save|capture)|overlay|report|dose|presentation state|thumbnail|subtract(?:ed|ion)|stitched|localizer|scout) /;
/** What is said only of another picture of the same exposure, wherever it stands; processing alone is said of every film. */
export const remadeWords =
  / (inverted|inverse|invert|bone (?:suppress\w*|subtract\w*|image|only)|(?:bone|soft tissue|tissue) selective|soft tissue (?:image|only)|suppression|dual energy|subtract(?:ed|ion)) /;
