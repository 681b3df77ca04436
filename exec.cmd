@rem "exec" of package.json, where the shell is that of Windows: elsewhere it lets signals reach what it runs.
@%*
