Invariant: res-1
Description: "Carries the security label AIAST: asserted by artificial intelligence."
Severity: #error
Expression: "meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue' and code = 'AIAST').exists()"

Invariant: res-2
Description: "Has a value or a dataAbsentReason unless it has components or members (us-core-2)."
Severity: #error
Expression: "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())"

Invariant: res-3
Description: "A quantity's system is empty or UCUM (us-core-3)."
Severity: #error
Expression: "value.ofType(Quantity).system.empty() or value.ofType(Quantity).system = 'http://unitsofmeasure.org'"

Invariant: res-4
Description: "A time is known at least to the day (us-core-1)."
Severity: #error
Expression: "effective.ofType(dateTime).empty() or effective.ofType(dateTime).toString().length() >= 10"

Invariant: res-5
Description: "Has exactly one result key, and the key of its result set."
Severity: #error
Expression: "identifier.where(system = 'https://interval.example.org/fhir/result').count() = 1 and identifier.where(system = 'https://interval.example.org/fhir/result-set').count() = 1"

Invariant: res-6
Description: "Result keys hold letters, digits, full stop, colon and hyphen only: nothing that needs escaping in a search."
Severity: #error
Expression: "identifier.where(system = 'https://interval.example.org/fhir/result').all(value.matches('^[A-Za-z0-9.:-]+$'))"

Invariant: status-1
Description: "Status is one that a result of Interval can have (a person moves it on from preliminary)."
Severity: #error
Expression: "status in ('preliminary' | 'final' | 'amended' | 'corrected' | 'cancelled' | 'entered-in-error')"

Invariant: source-1
Description: "Says where it was read: derivedFrom, or a region with a source."
Severity: #error
Expression: "derivedFrom.exists() or extension.where(url = 'https://interval.example.org/fhir/StructureDefinition/source-region').extension.where(url = 'source').exists()"

Invariant: region-1
Description: "Coordinates of a region come in pairs, x before y."
Severity: #error
Expression: "extension.where(url = 'https://interval.example.org/fhir/StructureDefinition/source-region').all(extension.where(url = 'coordinate').count() mod 2 = 0)"

Invariant: region-2
Description: "A region with coordinates says in how large a space they are."
Severity: #error
Expression: "extension.where(url = 'https://interval.example.org/fhir/StructureDefinition/source-region').all(extension.where(url = 'coordinate').exists() implies extension.where(url = 'pixels').exists())"

Invariant: range-1
Description: "Units of a reference range are empty or UCUM (us-core-22)."
Severity: #error
Expression: "referenceRange.all((low.system.empty() or low.system = 'http://unitsofmeasure.org') and (high.system.empty() or high.system = 'http://unitsofmeasure.org'))"

Invariant: lab-1
Description: "A quantity has a number: what could not be read has a dataAbsentReason instead."
Severity: #error
Expression: "value.where(unit.exists() or code.exists()).all(value.exists())"

Invariant: lab-2
Description: "Interpretations are those that laboratories print: N, L, H, LL, HH, A, AA, POS, NEG, IND."
Severity: #error
Expression: "interpretation.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation').all(code in ('N' | 'L' | 'H' | 'LL' | 'HH' | 'A' | 'AA' | 'POS' | 'NEG' | 'IND'))"

Invariant: lab-3
Description: "The category is laboratory."
Severity: #error
Expression: "category.coding.where(system = 'http://terminology.hl7.org/CodeSystem/observation-category' and code = 'laboratory').count() = 1"

Invariant: chg-1
Description: "Says exactly one change: improved, stable or worsened."
Severity: #error
Expression: "value.ofType(CodeableConcept).coding.where(system = 'https://interval.example.org/fhir/CodeSystem/finding-change' and code in ('improved' | 'stable' | 'worsened')).count() = 1"

Invariant: chg-2
Description: "The interpretations B (better) and W (worse) agree with the change."
Severity: #error
Expression: "(interpretation.coding.where(code = 'B').exists() implies value.ofType(CodeableConcept).coding.where(code = 'improved').exists()) and (interpretation.coding.where(code = 'W').exists() implies value.ofType(CodeableConcept).coding.where(code = 'worsened').exists())"

Invariant: chg-3
Description: "Derived from one current and one prior study."
Severity: #error
Expression: "derivedFrom.where(extension.where(url = 'https://interval.example.org/fhir/StructureDefinition/comparison-role' and value = 'current').exists()).count() = 1 and derivedFrom.where(extension.where(url = 'https://interval.example.org/fhir/StructureDefinition/comparison-role' and value = 'prior').exists()).count() = 1"

Invariant: chg-4
Description: "The current and the prior study are two studies."
Severity: #error
Expression: "derivedFrom.reference.isDistinct()"

Invariant: chg-5
Description: "Presence in SNOMED CT is present, absent or indeterminate."
Severity: #error
Expression: "component.value.ofType(CodeableConcept).coding.where(system = 'http://snomed.info/sct').all(code in ('52101004' | '2667000' | '82334004'))"

Invariant: chg-6
Description: "The category is imaging."
Severity: #error
Expression: "category.coding.where(system = 'http://terminology.hl7.org/CodeSystem/observation-category' and code = 'imaging').count() = 1"

Invariant: rep-1
Description: "Status is one that a report of Interval can have."
Severity: #error
Expression: "status in ('preliminary' | 'final' | 'amended' | 'corrected' | 'appended' | 'cancelled' | 'entered-in-error')"

Invariant: rep-2
Description: "Says something: results, pictures or a conclusion."
Severity: #error
Expression: "result.exists() or media.exists() or conclusion.exists()"

Invariant: ovl-1
Description: "A picture's status is completed, or entered-in-error when it was taken back."
Severity: #error
Expression: "status in ('completed' | 'entered-in-error')"

Invariant: dev-1
Description: "Has exactly one reader key."
Severity: #error
Expression: "identifier.where(system = 'https://interval.example.org/fhir/reader').count() = 1"

Invariant: dev-2
Description: "Names the version of the analysis and of the reader."
Severity: #error
Expression: "version.where(type.text = 'analysis').count() = 1 and version.where(type.text = 'reader').count() = 1"

Invariant: prov-1
Description: "A Device or Practitioner acts on behalf of an organization (US Core provenance-1)."
Severity: #error
Expression: "agent.where(who.reference.matches('(^|/)(Device|Practitioner)/') or who.type = 'Device').all(onBehalfOf.exists())"

Invariant: prov-2
Description: "What was transformed is named by the SHA-256 of its bytes."
Severity: #error
Expression: "activity.coding.where(code = 'transform').exists() implies entity.where(role = 'source').what.identifier.where(system = 'https://interval.example.org/fhir/sha256' and value.matches('^[0-9a-f]{64}$')).exists()"

Invariant: prov-3
Description: "The reason is AIAST: asserted by artificial intelligence."
Severity: #error
Expression: "reason.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue' and code = 'AIAST').exists()"

Invariant: job-1
Description: "Has exactly one job key."
Severity: #error
Expression: "identifier.where(system = 'https://interval.example.org/fhir/job').count() = 1"

Invariant: job-2
Description: "Status is one that a job can have."
Severity: #error
Expression: "status in ('requested' | 'in-progress' | 'completed' | 'failed' | 'rejected' | 'cancelled')"

Invariant: job-3
Description: "What failed, was rejected or was cancelled says why."
Severity: #error
Expression: "(status in ('failed' | 'rejected' | 'cancelled')) implies statusReason.coding.exists()"

Invariant: job-4
Description: "What has ended says when."
Severity: #error
Expression: "(status in ('completed' | 'failed' | 'rejected' | 'cancelled')) implies executionPeriod.end.exists()"

Invariant: job-5
Description: "Names its reader and the version of its subject, so that it can be taken up again after a restart."
Severity: #error
Expression: "input.where(type.coding.where(system = 'https://interval.example.org/fhir/CodeSystem/job' and code = 'reader').exists()).value.exists() and input.where(type.coding.where(system = 'https://interval.example.org/fhir/CodeSystem/job' and code = 'subject').exists()).value.ofType(Reference).identifier.value.exists()"

Invariant: job-6
Description: "What is completed names its report."
Severity: #error
Expression: "status = 'completed' implies output.where(type.coding.where(code = 'result').exists()).value.ofType(Reference).reference.exists()"

Invariant: ans-1
Description: "Names each card that was given by its uuid."
Severity: #error
Expression: "identifier.where(system = 'https://interval.example.org/fhir/card' and value.exists()).exists()"

Invariant: ans-2
Description: "Holds what the cards rest on, as parameters named card."
Severity: #error
Expression: "contained.where(id = 'cards').parameter.where(name = 'card').exists()"

Invariant: fb-1
Description: "Says what became of the card: accepted or overridden, one of them."
Severity: #error
Expression: "category.coding.where(system = 'https://interval.example.org/fhir/CodeSystem/feedback-outcome' and (code = 'accepted' or code = 'overridden')).count() = 1"

Invariant: fb-2
Description: "Names the service that gave the card."
Severity: #error
Expression: "category.coding.where(system = 'https://interval.example.org/fhir/CodeSystem/service').count() = 1"

Invariant: fb-3
Description: "Is found again under the hash of what was said, so that the same said twice is kept once."
Severity: #error
Expression: "identifier.where(system = 'https://interval.example.org/fhir/feedback').count() = 1"
