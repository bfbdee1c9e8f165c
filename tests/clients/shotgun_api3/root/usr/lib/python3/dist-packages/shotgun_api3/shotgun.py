# shotgun_api3
