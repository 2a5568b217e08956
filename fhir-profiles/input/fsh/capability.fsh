RuleSet: Uses(index, type)
* rest.resource[{index}].type = #{type}

RuleSet: Does(index, interaction)
* rest.resource[{index}].interaction[+].code = #{interaction}

RuleSet: Asks(index, parameter, type)
* rest.resource[{index}].searchParam[+].name = "{parameter}"
* rest.resource[{index}].searchParam[=].type = #{type}

Instance: interval-client
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Interval as a client of FHIR servers"
* url = "https://interval.example.org/fhir/CapabilityStatement/interval-client"
* name = "IntervalClient"
* title = "Interval as a client of FHIR servers"
* status = #draft
* experimental = false
* date = "2026-01-01"
* description = "What Interval asks of a FHIR R4 server: of the source (the EHR) reading, and in write mode full also writing; of the store both. Creates are conditional where the server offers it, and searched for first where not; updates carry If-Match."
* kind = #requirements
* fhirVersion = #4.0.1
* format = #application/fhir+json
* rest.mode = #client
* rest.documentation = "Access by the service's own client credentials; a hook's token is used for reading while the hook is answered, and never afterwards."
* insert Uses(0, Patient)
* insert Does(0, read)
* insert Uses(1, DiagnosticReport)
* rest.resource[1].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/ai-report"
* rest.resource[1].conditionalCreate = true
* rest.resource[1].searchInclude = "DiagnosticReport:result"
* insert Does(1, read)
* insert Does(1, search-type)
* insert Does(1, create)
* insert Does(1, update)
* insert Asks(1, patient, reference)
* insert Asks(1, subject, reference)
* insert Asks(1, identifier, token)
* insert Uses(2, Observation)
* rest.resource[2].supportedProfile[0] = "https://interval.example.org/fhir/StructureDefinition/ai-lab-result"
* rest.resource[2].supportedProfile[1] = "https://interval.example.org/fhir/StructureDefinition/cxr-finding-change"
* rest.resource[2].conditionalCreate = true
* insert Does(2, read)
* insert Does(2, search-type)
* insert Does(2, create)
* insert Does(2, update)
* insert Asks(2, patient, reference)
* insert Asks(2, category, token)
* insert Asks(2, identifier, token)
* insert Uses(3, DocumentReference)
* insert Does(3, read)
* insert Does(3, search-type)
* insert Asks(3, patient, reference)
* insert Uses(4, ImagingStudy)
* insert Does(4, read)
* insert Does(4, search-type)
* insert Asks(4, patient, reference)
* insert Uses(5, Endpoint)
* insert Does(5, read)
* insert Uses(6, Binary)
* insert Does(6, read)
* insert Does(6, create)
* insert Uses(7, Device)
* rest.resource[7].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/ai-reader"
* rest.resource[7].conditionalCreate = true
* insert Does(7, create)
* insert Does(7, search-type)
* insert Asks(7, identifier, token)
* insert Uses(8, Media)
* rest.resource[8].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/ai-overlay"
* rest.resource[8].conditionalCreate = true
* insert Does(8, read)
* insert Does(8, search-type)
* insert Does(8, create)
* insert Does(8, update)
* insert Asks(8, identifier, token)
* insert Uses(9, Provenance)
* rest.resource[9].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/ai-provenance"
* rest.resource[9].conditionalCreate = true
* insert Does(9, search-type)
* insert Does(9, create)
* insert Asks(9, target, reference)
* insert Asks(9, agent, reference)
* insert Uses(10, Task)
* rest.resource[10].documentation = "In the store only."
* rest.resource[10].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/ai-job"
* rest.resource[10].conditionalCreate = true
* insert Does(10, read)
* insert Does(10, search-type)
* insert Does(10, create)
* insert Does(10, update)
* insert Asks(10, subject, reference)
* insert Asks(10, identifier, token)
* insert Asks(10, status, token)
* insert Uses(11, GuidanceResponse)
* rest.resource[11].documentation = "In the store only: which cards were given."
* rest.resource[11].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/cds-answer"
* insert Does(11, create)
* insert Does(11, search-type)
* insert Asks(11, identifier, token)
* insert Uses(12, Communication)
* rest.resource[12].documentation = "In the store only: feedback on cards."
* rest.resource[12].supportedProfile = "https://interval.example.org/fhir/StructureDefinition/cds-feedback"
* rest.resource[12].conditionalCreate = true
* insert Does(12, create)
* insert Does(12, search-type)
* insert Asks(12, identifier, token)
* insert Asks(12, subject, reference)
* insert Asks(12, category, token)
* insert Asks(12, sent, date)
* insert Uses(13, AuditEvent)
* rest.resource[13].documentation = "In the store only, where auditing is on: each disclosure and each write, in the shape of IHE BALP."
* insert Does(13, create)
