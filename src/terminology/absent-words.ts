/** Codes of http://terminology.hl7.org/CodeSystem/data-absent-reason that are used. */
export type AbsentReason =
  | 'unknown'
  | 'temp-unknown'
  | 'as-text'
  | 'not-performed'
  | 'error'
  | 'masked'
  | 'not-applicable';

/** Printed in place of a result: the whole cell, or its beginning where prose may follow. */
const whole: Readonly<Partial<Record<AbsentReason, string>>> = {
  unknown: `n/a | na | n.a. | not applicable | entfällt | no aplica | no procede | sans objet | non applicable | non applicabile |
    não aplicável | não se aplica | non disponibile | não disponível | no disponible | non disponible | nicht verfügbar |
    s/r | sin resultado | senza risultato | sem resultado | sans résultat | ohne ergebnis`,
};
const beginning: Readonly<Partial<Record<AbsentReason, string>>> = {
  'temp-unknown': `pending | in progress | in process | to follow | result to follow | results to follow | awaited | result awaited | report awaited |
    ausstehend | folgt | wird nachgereicht | in arbeit | in bearbeitung | pendiente | en proceso | en curso | en cours | à suivre |
    en attente | tbd | in corso | in lavorazione | in esecuzione | in attesa | segue referto | seguirà | a seguire | da eseguire |
    em andamento | em execução | em processamento | em análise | a seguir | pendente | aguardando`,
  'as-text': `see note | see comment | see below | see report | see text | see interpretation | see footnote | see attached | see remarks |
    siehe kommentar | siehe befund | siehe text | siehe unten | siehe anlage | siehe bemerkung | s. kommentar | s.kommentar | s. u. | s.u. |
    s. befund | s. anlage | ver nota | ver comentario | ver observaciones | ver observación | ver informe | ver adjunto | ver abajo |
    ver observação | ver observações | vide observação | vide observações | vide obs | ver obs | vide nota | vide laudo | ver laudo | vide texto |
    ver comentário | vide comentário | voir commentaire | voir note | voir ci-dessous | voir texte | voir annexe | voir interprétation |
    cf commentaire | cf. commentaire | vedi nota | vedi note | vedi commento | vedi referto | vedi allegato | vedi sotto | v. nota`,
  'not-performed': `not done | not performed | not tested | not requested | not ordered | not measured | not carried out | no result |
    no specimen | no sample | sample not received | specimen not received | cancelled | canceled | dnr | test not done | not indicated |
    nicht durchgeführt | nicht angefordert | nicht bestimmt | nicht gemessen | nicht untersucht | kein material | keine probe | storniert |
    no realizado | no realizada | no solicitado | no se realizó | no efectuado | no determinado | no recibido | no recibida | no procesado |
    non réalisé | non effectué | non demandé | non fait | non parvenu | non reçu | annulé |
    non eseguito | non eseguita | non eseguibile | non richiesto | non effettuato | non effettuata | non pervenuto | annullato |
    não realizado | não realizada | não solicitado | não efetuado | não recebido | não colhido | não coletado | cancelado | cancelada`,
  error: `qns | quantity not sufficient | quantity insufficient | insufficient | sample insufficient | specimen insufficient | hemolyzed |
    haemolysed | hemolysed | haemolyzed | clotted | lipemic | lipaemic | sample hemolyzed | sample haemolysed | sample clotted | unsatisfactory |
    specimen rejected | sample rejected | test not valid | test not possible | invalid | error | contaminated sample |
    zu wenig material | nicht auswertbar | nicht verwertbar | material unzureichend | probe hämolytisch | hämolytisch | probe geronnen | geronnen |
    insuficiente | muestra insuficiente | muestra hemolizada | muestra coagulada | muestra lipémica | hemolizada | coagulada | inválido |
    échantillon insuffisant | quantité insuffisante | insuffisant | échantillon hémolysé | hémolysé | coagulé | prélèvement coagulé | ininterprétable |
    campione insufficiente | materiale insufficiente | quantità insufficiente | insufficiente | campione emolizzato | emolizzato |
    campione coagulato | coagulato | campione non idoneo | non idoneo | non valutabile | non refertabile |
    amostra insuficiente | material insuficiente | quantidade insuficiente | amostra hemolisada | hemolisado | hemolisada | amostra coagulada |
    coagulado | amostra inadequada | amostra lipêmica`,
  unknown: `not estab | not established | not calculated | not calc | not available | not reported | not calculable | unable to calculate |
    cannot be calculated | unable to report | nicht berechenbar | nicht berechnet | nicht ermittelbar | no calculable | no calculado | no valorable |
    non calculable | non calculé | non calcolabile | non calcolato | non determinabile | não calculável | não calculado | não determinado |
    impossível calcular | unknown`,
};

const escaped = (text: string) =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const join = (text: string) => text.split('|').map(escaped).join('|');
const patterns: readonly (readonly [RegExp, AbsentReason])[] = [
  [/^[-–—_.*]+$/, 'unknown'],
  ...Object.entries(whole).map(
    ([reason, text]) => [new RegExp(`^(?:${join(text)})$`, 'iu'), reason as AbsentReason] as const,
  ),
  ...Object.entries(beginning).map(
    ([reason, text]) => [new RegExp(`^(?:${join(text)})(?![\\p{L}\\d])`, 'iu'), reason as AbsentReason] as const,
  ),
];

/** Why a tidied result cell holds no result; undefined when it holds one. */
export function absentReason(text: string): AbsentReason | undefined {
  return patterns.find(([pattern]) => pattern.test(text))?.[1];
}
