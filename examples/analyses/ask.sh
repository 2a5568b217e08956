#!/bin/sh
# Writes a synthetic report into the embedded FHIR server of a service in development mode, asks for it to be read, and
# waits until it is:  examples/analyses/ask.sh [http://127.0.0.1:3000]
set -eu
interval=${1:-http://127.0.0.1:3000}
fhir=$interval/fhir/R4
json='content-type: application/fhir+json'

curl -fsS -o /dev/null -X PUT "$fhir/Patient/asked" -H "$json" -d '{"resourceType":"Patient","id":"asked"}'

text=$(printf 'SYNTHETIC SAMPLE\nTEST        RESULT  FLAG  UNITS    REFERENCE\nPOTASSIUM   6.8     HH    mmol/L   3.5-5.1\n' | base64 | tr -d '\n')
curl -fsS -o /dev/null -X PUT "$fhir/DiagnosticReport/asked" -H "$json" -d '{
  "resourceType": "DiagnosticReport", "id": "asked", "status": "final", "code": {"text": "Outside laboratory report"},
  "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}],
  "subject": {"reference": "Patient/asked"}, "effectiveDateTime": "2026-03-02T08:00:00Z",
  "presentedForm": [{"contentType": "text/plain", "data": "'"$text"'"}]}'

# 202 and where the job is; 200 when the same was asked for before.
job=$(curl -fsS -D - -o /dev/null "$interval/analyses" -H 'content-type: application/json' \
  -d '{"subject": "DiagnosticReport/asked", "patient": "Patient/asked"}' |
  tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
echo "$job"

for _ in $(seq 60); do
  state=$(curl -fsS "$job" | sed 's/.*"state":"\([a-z-]*\)".*/\1/')
  echo "$state"
  case $state in completed) break ;; rejected | failed | cancelled) exit 1 ;; esac
  sleep 1
done
curl -fsS "$fhir/Observation?subject=Patient/asked&code=2823-3"
