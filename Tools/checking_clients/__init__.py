"""What Tools/check-clients is made of: a server that plays a script, the transcripts, the builds, and the clients' drivers."""
