/** Where HAPI FHIR 8.8 answers otherwise than the contract: case → what it does. Each is checked to be still so. */
export const hapiDifferences: Readonly<Record<string, string>> = {
  'an unknown property is refused':
    'its lenient parser drops it; validation on write is an interceptor that is not set up here',
  'a missing required element is refused': 'it validates on write only with an interceptor that is not set up here',
  'a patch may not break the resource': 'it validates on write only with an interceptor that is not set up here',
  'PUT with an id of the client creates': 'it creates and answers 201, but without a Location header',
  'If-Match of another version is 412': 'it answers 409',
  'Observation?patient={ann}&date=2026-02-11': 'it compares days in the zone of the resource, not in UTC',
  'Observation?patient={ann}&value-quantity=6': 'it takes a number as exact, not as the span of its last digit',
  'Observation?patient={bob}&component-code-value-quantity=http://loinc.org|8462-4$gt140':
    'it does not ask that both parts be fulfilled by the same component',
  'an unknown modifier is 400': 'it ignores the modifier',
};
