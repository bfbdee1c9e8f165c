        self.verify = False
