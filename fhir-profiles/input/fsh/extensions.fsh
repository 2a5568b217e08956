Extension: SourceRegion
Id: source-region
Title: "Source region"
Description: "Part of a page or an image from which a result was read; field for field R5 ImagingSelection.instance.imageRegion2D. Coordinates are in the original image or page, origin at its top left corner, x to the right before y down."
* ^context[+].type = #element
* ^context[=].expression = "Observation"
* ^context[+].type = #element
* ^context[=].expression = "Observation.component"
* extension contains
    source 0..1 and
    seriesUid 0..1 and
    uid 0..1 and
    subset 0..1 and
    regionType 0..1 and
    pixels 0..1 and
    coordinate 0..*
* extension[source].value[x] only Reference(ImagingStudy or Media or DocumentReference or DiagnosticReport)
* extension[source].value[x] 1..1
* extension[seriesUid].value[x] only id
* extension[seriesUid].value[x] 1..1
* extension[uid] ^short = "SOP instance UID"
* extension[uid].value[x] only id
* extension[uid].value[x] 1..1
* extension[subset] ^short = "Frame number, or page=N (1-based)"
* extension[subset].value[x] only string
* extension[subset].value[x] 1..1
* extension[regionType] ^short = "polyline: a box is a closed polyline of five points"
* extension[regionType].value[x] only code
* extension[regionType].value[x] 1..1
* extension[pixels] ^short = "Size of the coordinate space, WIDTHxHEIGHT"
* extension[pixels].value[x] only string
* extension[pixels].value[x] 1..1
* extension[coordinate] ^short = "x, y, x, y, …"
* extension[coordinate].value[x] only decimal
* extension[coordinate].value[x] 1..1

Extension: ComparisonRole
Id: comparison-role
Title: "Comparison role"
Description: "Whether a study is the current one or the one it is compared with."
* ^context[+].type = #element
* ^context[=].expression = "Observation.derivedFrom"
* value[x] only code
* value[x] 1..1
* valueCode from ComparisonRoleVS (required)
