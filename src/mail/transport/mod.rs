//! One SMTP session to one relay: own time limits, pipelining, no cancelled half-used connection.
