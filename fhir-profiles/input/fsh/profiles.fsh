RuleSet: Result
* obeys res-1 and res-5 and res-6
* meta 1..1
* meta.security 1..*
* identifier 2..*
* identifier.system 1..1
* identifier.value 1..1
* subject 1..1
* subject only Reference(Patient)

Profile: AiLabResult
Parent: Observation
Id: ai-lab-result
Title: "Laboratory result read by Interval"
Description: "One laboratory value read from a report that came as a document. Preliminary until a person has judged it."
* ^extension[+].url = $impose-profile
* ^extension[=].valueCanonical = $us-core-lab
* insert Result
* obeys res-2 and res-3 and res-4 and status-1 and source-1 and region-1 and region-2 and range-1 and lab-1 and lab-2 and lab-3
* extension contains SourceRegion named region 0..*
* category 1..1
* category from http://hl7.org/fhir/ValueSet/observation-category (preferred)
* code.text 1..1
* code.text ^short = "Test name as printed"
* effective[x] only dateTime or Period
* issued 1..1
* value[x] only Quantity or CodeableConcept or string or Ratio or Range
* derivedFrom only Reference(DocumentReference or Media or Observation)
* device 1..1
* device only Reference(Device)

Profile: CxrFindingChange
Parent: Observation
Id: cxr-finding-change
Title: "Change of a finding between two chest radiographs"
Description: "One finding that improved, stayed or worsened from the prior to the current chest radiograph."
* ^extension[+].url = $impose-profile
* ^extension[=].valueCanonical = $us-core-clinical-result
* insert Result
* obeys res-4 and status-1 and region-1 and region-2 and chg-1 and chg-2 and chg-3 and chg-4 and chg-5 and chg-6
* extension contains SourceRegion named region 0..*
* category 1..1
* category from http://hl7.org/fhir/ValueSet/observation-category (preferred)
* code.text 1..1
* code from ChestFindingVS (extensible)
* effective[x] only dateTime or Period
* issued 1..1
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from FindingChangeVS (extensible)
* interpretation 0..1
* derivedFrom 2..*
* derivedFrom only Reference(ImagingStudy or Media)
* derivedFrom.extension contains ComparisonRole named role 0..1
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains presenceCurrent 0..1 and presencePrior 0..1
* component[presenceCurrent].code = FindingComponentCS#presence-current
* component[presenceCurrent].value[x] only CodeableConcept
* component[presenceCurrent].value[x] from FindingPresenceVS (preferred)
* component[presencePrior].code = FindingComponentCS#presence-prior
* component[presencePrior].value[x] only CodeableConcept
* component[presencePrior].value[x] from FindingPresenceVS (preferred)
* device 1..1
* device only Reference(Device)

Profile: AiReport
Parent: DiagnosticReport
Id: ai-report
Title: "Report that groups the results of one reading"
Description: "Our own preliminary report; it adds to the source report and never replaces it."
* insert Result
* obeys rep-1 and rep-2 and res-4
* extension contains $report-extends named extends 0..*
* category 1..*
* code.text 1..1
* effective[x] 1..1
* issued 1..1
* result only Reference(Observation)

Profile: AiOverlay
Parent: Media
Id: ai-overlay
Title: "Picture with the evidence marked"
Description: "A rendering with what was measured drawn into it, for viewers that show nothing else. The address of the content is set when it is written."
* insert Result
* obeys ovl-1
* type 1..1
* type = $media-type#image
* created[x] 1..1
* device 1..1
* width 1..1
* height 1..1
* content.contentType 1..1
* content.contentType = #image/png
* content.title 1..1
* content.size 1..1
* content.hash 1..1

Profile: AiReader
Parent: Device
Id: ai-reader
Title: "Reader"
Description: "One analysis by one reader with one version of each of its models (AI-Device of HL7 AI Transparency)."
* obeys dev-1 and dev-2
* identifier 1..*
* identifier.value 1..1
* status 1..1
* manufacturer 1..1
* deviceName 1..*
* type 1..1
* type = $ai-device-type#Artificial-Intelligence
* version 2..*
* version.type 1..1

Profile: AiProvenance
Parent: Provenance
Id: ai-provenance
Title: "Where results come from"
Description: "Which reader made or withdrew these resources, from which bytes, on whose behalf (AI-Provenance of HL7 AI Transparency, US Core provenance-1)."
* obeys res-1 and prov-1 and prov-2 and prov-3
* meta 1..1
* meta.security 1..*
* reason 1..*
* activity 1..1
* agent.type 1..1
* agent.role 1..*
* agent.onBehalfOf 1..1

Profile: AiJob
Parent: Task
Id: ai-job
Title: "Job"
Description: "One analysis of one subject: the ledger of what was asked, tried and written."
* obeys job-1 and job-2 and job-3 and job-4 and job-5 and job-6
* identifier 1..*
* identifier.value 1..1
* intent = #order
* code 1..1
* code from JobVS (extensible)
* focus 1..1
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* lastModified 1..1
* input 2..*

Profile: CdsAnswer
Parent: GuidanceResponse
Id: cds-answer
Title: "Cards that were given"
Description: "One answer to one hook call: which cards, to whom, resting on what, with which suggestions. Feedback names a card by its uuid alone; this says what that card was."
* obeys ans-1 and ans-2
* identifier 1..*
* requestIdentifier 1..1
* status = #success
* subject 1..1
* subject only Reference(Patient)
* occurrenceDateTime 1..1
* outputParameters 1..1

Profile: CdsFeedback
Parent: Communication
Id: cds-feedback
Title: "Feedback on a card"
Description: "What a clinician did with one card, or with one result on the review page: accepted or overridden, and why. The comment in note was written by a person and may hold anything."
* obeys fb-1 and fb-2 and fb-3
* identifier 1..*
* status = #completed
* category 2..*
* sent 1..1
* received 1..1
