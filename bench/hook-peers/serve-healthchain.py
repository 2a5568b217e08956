"""HealthChain (PyPI, Apache-2.0) answering patient-view with the cards that it is given; nothing else done.

    python serve-healthchain.py PORT CARDS_JSON
"""
import json
import sys

import uvicorn
from healthchain.gateway import HealthChainAPI
from healthchain.gateway.cds import CDSHooksService
from healthchain.models import Card, CDSRequest, CDSResponse

port, cards = int(sys.argv[1]), json.loads(sys.argv[2])
service = CDSHooksService()


@service.hook("patient-view", id="lab-report-results")
def answer(request: CDSRequest) -> CDSResponse:
    return CDSResponse(
        cards=[
            Card(summary=card["summary"], indicator=card["indicator"], source={"label": card["source"]["label"]}, detail=card["detail"])
            for card in cards
        ]
    )


app = HealthChainAPI()
app.register_service(service, path="/cds")
uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", access_log=False)
