/** What a printed label says stands behind it. `time` is of day alone, of the collection before it. */
export type Label =
  | 'name'
  | 'birthDate'
  | 'identifier'
  | 'collected'
  | 'received'
  | 'reported'
  | 'printed'
  | 'time'
  | 'specimen'
  | 'other';

/** English, German, Spanish, French, Italian and Portuguese labels, folded. */
const labels: Readonly<Record<Label, string>> = {
  name: `patient name|results for|report for|befund fur|resultats de|resultados de|name of patient|patient|name|pt name|patient's name|patientenname|patient/in|nombre|paciente|
    nombre del paciente|nom|nom du patient|nom et prenom|nombre y apellidos|apellidos y nombre|name, vorname|
    nachname, vorname|patientin|re|regarding|subject name|cognome e nome|paziente|nome|nome do paciente|nome paciente|
    nome do utente|utente|nominativo|cognome|assistito|paziente (cognome e nome)|sig.|sig.ra|patient's full name|full name|
    patient full name|name (last, first)|nom prenom|nom, prenom|nom - prenom|apellidos, nombre|apellidos y nombres|
    nombres y apellidos|nombre completo|patient (name, vorname)|name des patienten|versicherter`,
  birthDate: `dob|d.o.b.|d.o.b|date of birth|birth date|birthdate|born|geb.|geb. am|geb.am|geboren am|nacido el|nacida el|
    geb.-datum|geburtsdatum|geboren|geb.datum|geb.dat.|fecha de nacimiento|f. nacimiento|f.nacimiento|fecha nac.|f. nac.|
    nacimiento|date de naissance|ne le|nee le|ne(e) le|data di nascita|nato il|geb|geburtstag|fecha nacimiento|
    fecha de nac.|fec. nac.|f.nac.|f. nac|date naissance|date naiss.|ddn|d.d.n.|data nascita|nata il|nato/a il|nato/a|
    d.n.|data de nascimento|data nascimento|dt nascimento|dt. nascimento|dt. nasc.|d.nasc.|nascimento|nasc.|nascido em|
    nascida em|birth|dob/age/sex|dob/age|dob/sex|dob / age / sex|dob / age|age/dob|date of birth/age|date of birth / age|sex/dob|date of birth (dob)|dob (age)|d o b`,
  identifier: `mrn|nhs|chart|fallnr.|record|patient id|patient no|patient no.|patient number|medical record number|record number|record no|record no.|
    medical record no|medical record no.|uhid|hospital no|hospital no.|hospital number|nhs no|nhs number|pid|patienten-nr.|
    patienten-nr|pat.-nr.|pat-nr|pat.nr.|patientennummer|patienten-id|nhc|no historia|n. historia|historia clinica|
    n° historia|ipp|n° patient|no patient|numero patient|id|unit no|chart no|chart number|mr no|mr no.|mrn no|reg no|
    reg. no|reg. no.|regn no|regn. no.|patient ref|patient ref.|hosp no|hosp. no.|hospital id|urn|ur no|ur number|
    chi number|chi no|nhs no.|patient identifier|patienten nr.|patienten-nummer|pat.-id|pat-id|fallnummer|fall-nr.|
    numero de historia|n° de historia|historia|n° ipp|ins|n° securite sociale|codice fiscale|cod. fiscale|cod. fisc.|c.f.|
    codice paziente|id paziente|codice sanitario|numero de utente|n° de utente|n.° utente|n° utente|no utente|processo|
    n° processo|prontuario|registro|cpf|cns|rg|codigo do paciente|sns|member id`,
  collected: `coll|draw date|probe vom|date/time|entn.|prel.|extr.|coll. date/time|date of test|test date|date of sample|sampling time|sample coll. time|specimen date/time|data della raccolta|abnahmezeit|obtained|sample date and time|collection date and time|collected|blood test of|blood tests of|collection date|specimen taken|specimen taken on|latest sample|material vom|specimen collection date|blood drawn|blood drawn on|sample of|sample date/time|date collected|collected on|collection date/time|date/time collected|collected date|
    specimen collected|sample collected|sample date|drawn|date drawn|specimen date|sampled|date of collection|taken|
    date taken|abnahme|abnahmedatum|entnahme|entnahmedatum|abgenommen|probenentnahme|fecha de extraccion|fecha extraccion|
    extraccion|fecha de toma|fecha toma|toma de muestra|fecha de la muestra|prelevement|preleve le|date de prelevement|
    date du prelevement|prelevement du|prelevement le|data prelievo|collected at|collected date/time|collection|
    collection date and time|collection date & time|date & time of collection|date and time of collection|
    date/time of collection|sample collected on|sample collected at|sample collection|sample collection date|sample taken|
    sample drawn|specimen collected on|specimen collection|spec. collected|coll. date|coll date|coll.|drawn on|drawn at|
    date of sampling|sampling date|date of specimen|sample date/time|abnahme am|abgenommen am|entnahme am|entnommen|
    entnommen am|entnahmedatum/-zeit|blutentnahme|blutentnahme am|probennahme|probenahme|materialentnahme|entnahme vom|
    abnahme vom|fecha y hora de extraccion|fecha de obtencion|fecha obtencion|obtencion|fecha recogida|fecha de recogida|
    extraido|fecha/hora de extraccion|fecha de toma de muestra|fecha toma de muestra|fecha muestra|preleve|preleve(e) le|
    date et heure de prelevement|date/heure prelevement|prelevement effectue le|preleve du|prelievo|data del prelievo|
    prelievo del|data e ora prelievo|data/ora prelievo|prelevato il|data raccolta|data da colheita|data de colheita|colheita|
    data colheita|colheita em|data da coleta|data de coleta|data coleta|coleta|coletado em|colhido em|data/hora da coleta|
    data/hora coleta|data e hora da coleta|data/hora colheita`,
  received: `received|date received|received on|received date|date/time received|specimen received|sample received|eingang|
    eingangsdatum|probeneingang|eingegangen|recepcion|fecha de recepcion|fecha recepcion|recibido|recu le|reception|
    date de reception|received at|received date/time|recd|rec'd|sample received on|sample received at|specimen received on|
    registered|registered on|registered at|registration date|registration|reg date|reg. date|booking date|eingang am|
    auftragseingang|eingangsdatum/-zeit|laboreingang|annahme|annahmedatum|materialeingang|fecha de entrada|fecha entrada|
    fecha de ingreso|fecha ingreso|fecha de registro|recu|recue le|enregistre le|enregistrement|date d'enregistrement|
    ricevuto il|ricezione|data ricezione|data di ricezione|accettazione|data accettazione|data di accettazione|ricevimento|
    arrivo|arrivo campione|data arrivo|accettato il|recebido em|recebida em|recebimento|data de recepcao|data recepcao|
    recepcao|data recebimento|data de entrada|data entrada|entrada|data do cadastro|admissao`,
  reported: `reported|report date|date reported|reported on|date of report|date/time reported|issued|report issued|result date|
    befunddatum|befund vom|berichtsdatum|ausgabe|fecha de informe|fecha informe|fecha del informe|informe|fecha de emision|
    fecha resultado|date du compte rendu|valide le|fecha de validacion|authorised|authorised on|date of issue|
    report generated|report generated on|reported at|report released|report released on|released|released on|finalised|
    finalized|approved on|verified|verified on|completed|date completed|resulted|resulted on|date resulted|
    result date/time|report date/time|report date & time|reporting date|authorised at|authorized on|signed|signed on|
    befund am|erstellt|erstellt am|validiert am|freigegeben|freigegeben am|freigabe|befundausgang|ausgang|ausgangsdatum|
    endbefund vom|endbefund|bericht vom|emitido|fecha de resultado|fecha de resultados|fecha de reporte|fecha reporte|
    fecha validacion|validado|fecha emision|informado el|fecha y hora de informe|rendu le|resultats du|compte rendu du|
    date de validation|valide|edition|date de resultat|date du resultat|referto del|data referto|data del referto|
    data refertazione|refertato il|refertazione|validato il|data validazione|data di validazione|emesso il|data di emissione|
    data emissione|data risultato|data do resultado|data resultado|data do relatorio|data do laudo|emitido em|
    data de emissao|data emissao|emissao|liberado em|data de liberacao|liberacao|data liberacao|resultado em|validado em|
    data de validacao|data validacao|relatorio de`,
  printed: `printed|edite le|date d'edition|printed on|print date|printed at|date printed|ausgedruckt|gedruckt|gedruckt am|
    ausdruck|druckdatum|ausdruck vom|impreso|impreso el|fecha de impresion|fecha impresion|imprime le|date d'impression|
    edition du|stampato|stampato il|data di stampa|data stampa|impresso em|data de impressao|data impressao`,
  time: `collection time|entnahmezeit|time|time collected|collected time|time of collection|sample time|sampling time|draw time|
    uhrzeit|abnahmezeit|zeit|hora|hora de extraccion|hora extraccion|hora de toma|hora de la toma|heure|
    heure de prelevement|heure du prelevement|ora|ora prelievo|ora del prelievo|hora da colheita|hora colheita|
    hora da coleta|hora coleta`,
  specimen: `specimen|specimen type|sample type|sample|material|probenmaterial|muestra|tipo de muestra|nature du prelevement|
    echantillon|type of sample|campione|materiale|tipo di campione|amostra|material biologico|tipo de amostra|probe|
    probenart|type de prelevement`,
  other: `age|sex|gender|age/sex|sex/age|phone|tel|tel.|fax|telephone|address|accession|accession no|accession no.|
    accession number|lab no|lab no.|lab number|lab id|order no|order number|request no|request no.|requisition|order|
    ref by|referred by|ordering physician|ordering provider|physician|doctor|provider|requested by|consultant|client|
    account|account no|account number|page|clia|director|ward|location|fasting|status|alter|geschlecht|auftrag|
    auftragsnr.|auftragsnummer|auftrags-nr.|einsender|arzt|station|sexo|edad|medico|solicitado por|n peticion|peticion|
    n° peticion|sexe|age (ans)|medecin|prescripteur|dossier|n° dossier|no dossier|dr|report status|sample no|sample id|
    specimen id|barcode|ssn|zip|iban|ust-id|kasse|versicherung|insurance|bill|visit|encounter|room|bed|report|
    laboratory|lab|seite|pagina|folio|pathologist|scan|copy to|cc|e-mail|email|web|version|medico curante|
    medico richiedente|medico solicitante|medico requisitante|richiedente|reparto|convenio|plano|servico|servicio|
    especialidad|service|eta|sesso|idade|telefono|telefone|tel/fax|indirizzo|endereco|adresse|direccion|anschrift|
    requisicao|protocolo|n° protocollo|protocollo|numero richiesta|richiesta|pedido|atendimento|tecnico|analista|
    responsavel|direttore|biologiste|biologo|bioquimico|next appointment|appointment|follow up|next visit|
    prossimo controllo|proxima cita|date of last dose|last dose|lmp|last meal|expiry|exp date|valid until`,
};

/** Label of a folded phrase, without colon. */
export const labelOf: ReadonlyMap<string, Label> = new Map(
  Object.entries(labels).flatMap(([label, list]) =>
    list.split('|').map((phrase) => [phrase.trim().replace(/\s+/g, ' '), label as Label] as const),
  ),
);
