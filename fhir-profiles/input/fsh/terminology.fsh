RuleSet: OwnCodes
* ^experimental = false
* ^caseSensitive = true
* ^content = #complete

CodeSystem: FindingChangeCS
Id: finding-change
Title: "Change of an imaging finding"
Description: "The three of HL7's R5 value set clinicalimpression-change-pattern, worded for a finding on an image."
* insert OwnCodes
* #improved "Improved" "Less severe or less extensive than on the comparison study."
* #stable "Stable" "No significant change from the comparison study."
* #worsened "Worsened" "More severe or more extensive than on the comparison study."

CodeSystem: FindingComponentCS
Id: finding-component
Title: "Components of a finding's change"
Description: "What a component of a change Observation says."
* insert OwnCodes
* #presence-current "Presence on the current study" "Whether the finding is seen on the current study."
* #presence-prior "Presence on the prior study" "Whether the finding is seen on the prior study."

CodeSystem: ComparisonRoleCS
Id: comparison-role
Title: "Role of a study in a comparison"
Description: "Which of two compared studies this one is."
* insert OwnCodes
* #current "Current" "The study that is read."
* #prior "Prior" "The earlier study that it is compared with."

CodeSystem: ChestFindingCS
Id: chest-finding
Title: "Findings on a chest radiograph"
Description: "Local codes that suffice where SNOMED CT and RadLex may not be used."
* insert OwnCodes
* #pleural-effusion "Pleural effusion" "Fluid in the pleural space."
* #pneumothorax "Pneumothorax" "Air in the pleural space."
* #consolidation "Consolidation" "Air spaces filled, with air bronchograms or loss of vessel markings."
* #pneumonia "Pneumonia" "Consolidation judged infectious."
* #pulmonary-edema "Pulmonary edema" "Interstitial or alveolar fluid."
* #atelectasis "Atelectasis" "Loss of volume."
* #cardiomegaly "Cardiomegaly" "Enlarged cardiac silhouette."
* #lung-opacity "Lung opacity" "Increased density of a lung field, whatever its cause."
* #pulmonary-nodule "Pulmonary nodule" "Rounded opacity of at most 3 cm."

CodeSystem: JobCS
Id: job
Title: "Jobs and their parts"
Description: "Analyses that a Task asks for, and the inputs and outputs of such a Task."
* insert OwnCodes
* #lab-report "Lab report" "Reads laboratory results from a report that came as a document."
* #chest-xray-comparison "Chest radiograph comparison" "Compares a chest radiograph with the last comparable one."
* #reader "Reader" "Input: which reader is asked."
* #subject "Subject" "Input: what is read, with the version that was seen."
* #companion "Companion" "Input: what is read with it; the role is in the text."
* #attempts "Attempts" "Output: how often the job was begun."
* #runner "Runner" "Output: the process that runs the job, or ran it last, and which of its attempts."
* #result "Result" "Output: a resource that the job wrote."

ValueSet: FindingChangeVS
Id: finding-change
Title: "Change of an imaging finding"
Description: "Local codes, and the SNOMED CT qualifiers written beside them."
* ^experimental = false
* include codes from system FindingChangeCS
* $sct#385633008
* $sct#260388006
* $sct#230993007

ValueSet: ComparisonRoleVS
Id: comparison-role
Title: "Role of a study in a comparison"
Description: "Current or prior."
* ^experimental = false
* include codes from system ComparisonRoleCS

ValueSet: FindingPresenceVS
Id: finding-presence
Title: "Presence of a finding"
Description: "Present, absent or indeterminate."
* ^experimental = false
* $sct#52101004
* $sct#2667000
* $sct#82334004

ValueSet: ChestFindingVS
Id: chest-finding
Title: "Findings on a chest radiograph"
Description: "Local codes, and the SNOMED CT and RadLex codes written beside them."
* ^experimental = false
* include codes from system ChestFindingCS
* $sct#60046008
* $sct#36118008
* $sct#95436008
* $sct#233604007
* $sct#19242006
* $sct#46621007
* $sct#8186001
* $sct#427359005
* $radlex#RID34539
* $radlex#RID5352
* $radlex#RID43255
* $radlex#RID5350
* $radlex#RID28493
* $radlex#RID28530
* $radlex#RID50149

ValueSet: JobVS
Id: job
Title: "Jobs"
Description: "Analyses that a Task asks for."
* ^experimental = false
* JobCS#lab-report
* JobCS#chest-xray-comparison

ValueSet: LabInterpretationVS
Id: lab-interpretation
Title: "Interpretations that are printed beside a laboratory value"
Description: "Written only as printed, never computed."
* ^experimental = false
* $interpretation#N
* $interpretation#L
* $interpretation#H
* $interpretation#LL
* $interpretation#HH
* $interpretation#A
* $interpretation#AA
* $interpretation#POS
* $interpretation#NEG
* $interpretation#IND

Instance: finding-change-map
InstanceOf: ConceptMap
Usage: #definition
Title: "Change of an imaging finding in other vocabularies"
* url = "https://interval.example.org/fhir/ConceptMap/finding-change-map"
* name = "FindingChangeMap"
* title = "Change of an imaging finding in other vocabularies"
* status = #draft
* experimental = false
* description = "Local change codes to SNOMED CT, RadLex, and HL7's interpretation codes."
* sourceUri = "https://interval.example.org/fhir/ValueSet/finding-change"
* group[0].source = "https://interval.example.org/fhir/CodeSystem/finding-change"
* group[0].target = "http://snomed.info/sct"
* group[0].element[0].code = #improved
* group[0].element[0].target.code = #385633008
* group[0].element[0].target.display = "Improving"
* group[0].element[0].target.equivalence = #equivalent
* group[0].element[1].code = #stable
* group[0].element[1].target.code = #260388006
* group[0].element[1].target.display = "No status change"
* group[0].element[1].target.equivalence = #equivalent
* group[0].element[2].code = #worsened
* group[0].element[2].target.code = #230993007
* group[0].element[2].target.display = "Worsening"
* group[0].element[2].target.equivalence = #equivalent
* group[1].source = "https://interval.example.org/fhir/CodeSystem/finding-change"
* group[1].target = "http://radlex.org"
* group[1].element[0].code = #stable
* group[1].element[0].target.code = #RID39268
* group[1].element[0].target.display = "unchanged"
* group[1].element[0].target.equivalence = #equivalent
* group[2].source = "https://interval.example.org/fhir/CodeSystem/finding-change"
* group[2].target = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
* group[2].element[0].code = #improved
* group[2].element[0].target.code = #B
* group[2].element[0].target.display = "Better"
* group[2].element[0].target.equivalence = #equivalent
* group[2].element[1].code = #worsened
* group[2].element[1].target.code = #W
* group[2].element[1].target.display = "Worse"
* group[2].element[1].target.equivalence = #equivalent

CodeSystem: AbstentionCS
Id: abstention
Title: "Why a reader or a guard declined"
Description: "Reasons on a rejected job. An analysis may add its own; an abstention is a normal outcome, not an error."
* ^experimental = false
* ^caseSensitive = true
* ^content = #fragment
* #patient-mismatch "Patient does not match" "The document or image names somebody else than the chart does."
* #subject-gone "Subject is gone" "What was to be read is no longer there."
* #subject-changed "Subject has changed" "What was to be read is now another version; another job reads it."
* #subject-retracted "Subject was retracted" "Its author says that what was to be read should not have been there."
* #subject-replaced "Subject was replaced" "Its author has put another document in the place of what was to be read."
* #no-text "No text" "The pages hold no text that can be read."
* #no-result-rows "No results found" "No row of the document reads as a result."
* #not-a-lab-report "Not a laboratory report" "The document is something else: a letter, an invoice, a prescription, a report of another kind."
* #several-patients "Several patients" "The document names more than one patient."
* #already-in-chart "Already in the chart" "The chart holds every result of the document already."
* #rest-unreadable "The rest cannot be read" "What could be read is in the chart already; other lines could not be read."
* #image-blank "Blank image" "The image shows next to nothing."
* #image-clipped "Clipped image" "Too much of the image is cut off or saturated."
* #image-too-small "Image too small" "The image has too few pixels to be compared."
* #image-flat "Image without contrast" "There is too little contrast between lungs and chest."
* #image-rotated "Chest is turned" "The chest lies askew on the image or is turned about its long axis."
* #inspiration-differs "Depth of breath differs" "The two images were taken at too different depths of breath to be compared."
* #identity-unsure "Identity unsure" "Nothing in the images says whose they are, and they do not show that they are of one person."
* #not-a-chest "Not a chest radiograph" "The image or its header says another body part or modality."
* #view-lateral "Not a frontal view" "The image is a lateral view."
* #view-mirrored "Mirrored or turned" "The image is stored mirrored or turned, so that sides would be told wrongly."
* #time-order "Order in time unclear" "Which image is the earlier one cannot be told."
* #registration-poor "Images do not align" "The two images cannot be laid over each other well enough to compare."
* #not-mirrored "Comparison contradicts itself" "The comparison does not turn round when the two images are swapped."

CodeSystem: TopicCS
Id: topic
Title: "Topics of cards"
Description: "Code of card.source.topic: what kind of statement a card makes."
* insert OwnCodes
* #lab-report "Lab report" "Results read from a report that came as a document."
* #chest-xray-comparison "Chest radiograph comparison" "What changed since the last comparable radiograph."
* #duplicate-order "Duplicate order" "A test already resulted inside its minimum retest interval."
* #recent-imaging "Recent imaging" "A comparable study was made not long ago."
* #contrast-egfr "Contrast and kidney function" "Contrast medium ordered with a low or unknown eGFR."
* #further-findings "Further findings" "There is more than the cards shown."
* #incomplete-answer "Incomplete answer" "Not everything could be looked at."

CodeSystem: OverrideReasonCS
Id: override-reason
Title: "Reasons for overriding a card"
Description: "What a clinician may answer when not following advice."
* insert OwnCodes
* #condition-changed "The patient’s condition has changed" "The earlier result or study no longer tells what is needed."
* #result-doubtful "The earlier result or study is in doubt" "It may be wrong or does not fit."
* #result-not-available "The earlier result or study is not available to me" "It cannot be seen where the order is made."
* #other-question "It answers another question" "The order is for another purpose than the earlier one."
* #protocol-requires "Required by a protocol or before a procedure" "The repetition is prescribed."
* #specialist-advised "Advised by a specialist or radiologist" "Somebody who knows the case has asked for it."
* #benefit-outweighs-risk "The benefit outweighs the risk" "The risk is known and accepted."
* #emergency "Emergency" "Waiting would harm the patient."
* #on-dialysis "On maintenance dialysis" "Kidney function is not at stake."
* #misread "Read wrongly from the document or the images" "What was read is not what stands there: it is taken back."
* #other-patient "Belongs to another patient" "The document or image is in the wrong chart: what was read from it is taken back."
* #already-known "Already known to me" "True, and nothing new."
* #not-relevant "Not relevant for this visit" "True, and of no use now."

CodeSystem: FeedbackOutcomeCS
Id: feedback-outcome
Title: "What became of a card"
Description: "The outcomes of CDS Hooks feedback."
* insert OwnCodes
* #accepted "Accepted" "At least one suggestion of the card was taken."
* #overridden "Overridden" "The card was set aside, with or without a reason."

CodeSystem: ServiceCS
Id: service
Title: "Where a statement of Interval was judged"
Description: "The CDS services by their id, and the review page. A site may add its own."
* ^experimental = false
* ^caseSensitive = true
* ^content = #fragment
* #lab-report-results "Lab report results" "patient-view: what was read from laboratory reports."
* #chest-xray-change "Chest X-ray change" "patient-view: what changed since the last comparable radiograph."
* #order-select-advice "Advice on selected orders" "order-select."
* #order-sign-advice "Advice on orders to be signed" "order-sign."
* #review-page "Review page" "The page that shows a result beside what it was read from."
