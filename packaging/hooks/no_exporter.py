"""Runs before the frozen program: Chroma names a class that reports to a server over gRPC, whether or not it is ever used. Neither it nor
gRPC is in the program; what stands here in its place can only refuse."""

import sys
import types

NAME = "opentelemetry.exporter.otlp.proto.grpc.trace_exporter"


class OTLPSpanExporter:
    def __init__(self, *_given, **_named):
        raise RuntimeError("Elephant reports to nobody, so the exporter is not part of it")


module = types.ModuleType(NAME)
module.OTLPSpanExporter = OTLPSpanExporter
sys.modules[NAME] = module
