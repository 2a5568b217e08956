/**
 * Where each code of the dictionary was seen together with a name that agrees with ours in component, property, system
 * and scale. A check digit tells a slip of the pen, not a valid code of another test; whoever adds a code adds its
 * evidence. Two sources where public lists contradict each other.
 */
const inExpertMap = `
  630-4 704-7 706-2 711-2 713-8 718-7 731-0 736-9 742-7 751-8 770-8 771-6 777-3 785-6 786-4 787-2 788-0 789-8
  1742-6 1746-7 1751-7 1763-2 1798-8 1799-6 1825-9 1834-1 1863-0 1920-8 1925-7 1952-1 1959-6 1960-4 1963-8
  1968-7 1971-1 1975-2 1988-5 1989-3 1994-3 2019-8 2028-9 2039-6 2069-3 2075-0 2078-4 2085-9 2089-1 2093-3
  2106-3 2132-9 2143-6 2157-6 2160-0 2161-8 2162-6 2164-2 2191-5 2243-4 2276-4 2284-8 2324-2 2335-8 2339-0
  2342-4 2345-7 2458-8 2464-6 2465-3 2472-9 2498-4 2500-7 2502-3 2518-9 2532-0 2571-8 2614-6 2639-3 2692-2
  2695-5 2703-7 2731-8 2744-1 2777-1 2778-9 2823-3 2828-2 2839-9 2842-3 2857-1 2865-4 2868-8 2871-2 2874-6
  2880-3 2885-2 2888-6 2889-4 2890-2 2947-0 2951-2 2955-3 2963-7 2965-2 2986-8 2991-8 3013-0 3016-3 3024-7
  3026-2 3034-6 3040-3 3053-6 3084-1 3086-6 3094-0 3095-7 3150-0 3181-5 3182-3 3193-0 3209-4 3243-3 3255-7
  3289-6 3298-7 3397-7 3426-4 3432-2 3520-4 3773-9 3948-7 3968-5 4024-6 4049-3 4086-5 4485-9 4498-2 4537-7
  4542-7 4544-3 4546-8 4548-4 4551-8 4576-5 4625-0 5048-4 5124-3 5176-3 5196-1 5244-9 5334-8 5388-4 5631-7
  5640-8 5763-8 5767-9 5769-5 5770-3 5774-5 5778-6 5787-7 5792-7 5793-5 5794-3 5796-8 5797-6 5802-4 5803-2
  5811-5 5821-4 5822-2 5902-2 5905-5 6298-4 6301-6 6598-7 6690-2 6768-6 6873-4 6874-2 7885-7 7886-5 7966-5
  8047-3 8061-4 8077-0 8091-1 8093-7 8094-5 8098-6 8099-4 8101-8 8122-4 8123-2 8124-0 8247-9 9830-1 9842-6
  10334-1 10501-5 10535-3 10839-9 10900-9 10998-3 11011-4 11067-6 11235-9 11253-2 11555-0 11556-8 11557-6
  11558-4 11572-5 13046-8 13457-7 13945-1 13951-9 13952-7 13953-5 13954-3 13955-0 13965-9 13967-5 13969-1
  14135-8 14252-1 14316-4 14334-7 14836-1 14957-5 14979-9 15067-2 15069-8 16362-6 16935-9 17284-1 17351-8
  17859-0 17861-6 17862-4 18182-6 18262-6 19080-1 19123-9 19162-7 19270-8 19295-5 19343-3 19991-9 20405-7
  20448-7 20454-5 20455-2 20479-2 20507-0 20509-6 20563-3 20564-1 20565-8 20578-1 21000-5 21023-7 22244-8
  22314-9 22415-4 22580-5 22587-0 24108-3 24467-3 25514-1 26446-5 26454-9 26479-6 26486-1 26498-6 26508-2
  26517-3 27353-2 27811-9 27819-2 27822-6 28009-9 28541-1 29247-4 29541-0 29893-5 30325-5 30522-7 31017-7
  31147-2 31204-1 31348-6 31418-7 32207-3 32546-4 32623-1 32693-4 32700-7 33037-3 33762-6 33944-0 34148-7
  34487-9 34713-8 34728-6 35668-3 35669-1 35670-9 36916-5 38180-6 38483-4 40678-5 40982-1 48065-7 48066-5
  48159-8 48378-4 48398-2 54218-3 56888-1 58413-6 58470-6 60256-5 60474-4 78012-2 94558-4
`;

/** Source → codes it names. Names as published then: "probe and target amplification" is today's "NAA with probe". */
const inPublicSource: Readonly<Record<string, string>> = {
  'LOINC top 2000 laboratory results, SI edition (OHDSI/StudyProtocolSandbox)': `
    798-9 882-1 883-9 890-4 1007-4 1759-0 1761-6 1869-7 1884-6 1995-0 2000-8 2021-4 2064-4 2118-8 2484-4 2514-8
    2524-7 2601-3 2705-2 2708-6 2711-0 2742-5 2746-6 3097-3 3663-2 3665-7 4090-7 4092-3 5130-0 5292-8 5370-2
    5799-2 5818-0 6299-2 6864-3 6875-9 10331-7 10466-1 10834-0 10835-7 10886-0 11259-9 12841-3 14338-8 14627-4
    14629-0 14630-8 14631-6 14633-2 14635-7 14639-9 14646-4 14647-2 14665-4 14675-3 14682-9 14683-7 14685-2
    14688-6 14698-5 14715-7 14732-2 14744-7 14749-6 14771-0 14796-7 14798-3 14800-7 14866-8 14877-5 14879-1
    14890-8 14905-4 14913-8 14914-6 14920-3 14921-1 14927-8 14928-6 14930-2 14933-6 14946-8 15074-8 17849-1
    19113-0 20447-9 20453-7 21198-7 22748-8 22753-8 22763-7 25145-4 25428-4 26507-4 29265-6 29771-3 30341-2
    30934-4 32309-7 32356-8 32673-6 33358-3 33914-3 33935-8 34714-6 38476-8 39469-2 42637-9 42931-6 43583-4
    53553-4 62292-8 69419-0 70204-3
  `,
  'LOINC top 2000 laboratory results, US edition (OHDSI/StudyProtocolSandbox)': `
    1521-4 1558-6 1668-3 1854-9 1986-9 2141-0 2501-5 2923-1 3051-0 5370-2 5643-2 5671-3 9813-7 13458-5 19113-0
    33935-8 43396-1
  `,
  'HL7 FHIR R4 specification, examples':
    '883-9 2000-8 2708-6 14629-0 14631-6 14647-2 14682-9 14749-6 14798-3 14879-1 14927-8 14933-6 14937-7 15074-8',
  'German hospital laboratory mapping (patricksteiger/KerndatensatzZuFhir)':
    '1668-3 1854-9 1986-9 2098-2 5370-2 5385-0 13978-2 13981-6 13982-4 13983-2 14647-2 14914-6 33863-2 34366-5',
  'Laboratory code meanings compared with the OHDSI Athena vocabulary (public repository)':
    '14628-2 14749-6 14928-6 22664-7 26881-3 62238-1 67151-1 89579-7',
  'Austrian ELGA laboratory parameters (public enumeration)': '22664-7 33763-4 42595-9 54347-0',
  'German Corona Consensus (GECCO) laboratory codes (public enumerations)': '2519-7 14118-4 26881-3 33959-8',
  'eCQM laboratory value sets (canvas-medical/canvas-plugins)': '30000-4 34366-5 54347-0',
  'LOINC conversion service (miracum/loinc-conversion)': '59260-0',
  'HL7 Lithuania laboratory guide, value set of estimated filtration rates': '62238-1 98979-8',
  'HL7 Switzerland emergency record guide, example of a troponin result': '67151-1',
  'HL7 FHIR Clinical Guidelines, value set of albumin/creatinine results': '9318-7',
  'FHIR example of an estimated filtration rate (public repository)': '69405-9',
  'FHIR value set of diabetes and lipid results (public repository)': '59261-8',
  'FHIR questionnaire of laboratory results (public repository)': '14118-4 14937-7 17863-2 33959-8',
  'FHIR map of urine sediment results (public repository)': '51487-7',
  'FHIR example of a blood count (public repository)': '51637-7',
  'Blood count analyser mappings (public repositories)': '51637-7 71695-1',
  'HealthAssure directory of LOINC terms': '51584-1 71695-1',
  'Mayo Clinic Laboratories test catalogue': '38445-3 89579-7',
  'phenopackets/phenopacket-tools, biomarker example': '1823-4',
  'Laboratory catalogue with LOINC labels, Portuguese (public repository)': '1823-4 5385-0 13982-4',
  'Mass and molar pairs of LOINC terms (public repositories)': '3091-6 22664-7',
  'Hormone laboratory catalogues (public repositories)': '15081-3',
  'MIMIC laboratory items, table with LOINC terms (public repository)': '26465-5',
  'Cerebrospinal fluid analytes with LOINC codes (public repository)': '26465-5',
  'Synthea sample records': '42931-6 94500-6',
};

export interface CodeEvidence {
  readonly kind: 'expert-map' | 'named-in-public-source';
  readonly sources: readonly string[];
}

function collect(): ReadonlyMap<string, CodeEvidence> {
  const evidence = new Map<string, CodeEvidence>();
  for (const code of inExpertMap.trim().split(/\s+/)) {
    evidence.set(code, { kind: 'expert-map', sources: ['MIMIC-IV laboratory items mapped by experts'] });
  }
  for (const [source, codes] of Object.entries(inPublicSource)) {
    for (const code of codes.trim().split(/\s+/)) {
      const known = evidence.get(code);
      evidence.set(
        code,
        known
          ? { ...known, sources: [...known.sources, source] }
          : { kind: 'named-in-public-source', sources: [source] },
      );
    }
  }
  return evidence;
}

export const codeEvidence: ReadonlyMap<string, CodeEvidence> = collect();
