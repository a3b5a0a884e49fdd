def files(protocol, mark):
    return {}
